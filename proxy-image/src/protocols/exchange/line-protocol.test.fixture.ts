import * as z from 'zod';
import {
  type Backend,
  dial,
  type Peer,
  rule,
  startBackend,
  startTestProxy,
  type TestProxy,
} from '../../proxy/peers.test.support.ts';
import type { Rule } from '../../proxy/rule.ts';
import type { ProtocolPlugin } from '../protocol.ts';
import { registerProtocol } from '../registry.ts';
import type { Answer, BackendStep, ClientStep, Codec, NativeError, Request } from './codec.ts';
import { exchangeProtocol } from './exchange-protocol.ts';

const LF = 0x0a;

type LineRequest = Request & { readonly bodyBytes: number };

/**
 * A small protocol of lines. A request is `WORD rest`, and `DATA n` has n bytes behind it; `!WORD` gets no answer, and
 * `LOGIN` is not judged. The answer is a line, and `BULK n` has n bytes behind it; `* text` is unasked, and after `?` the client
 * sends one more line. `SWAP x` sends `SWAPPED x` to the backend, `SKIP` nothing, and both are answered with `INSTEAD`.
 * What follows `RAW` is not understood.
 */
class LineCodec implements Codec {
  readonly serverFirst: boolean;
  readonly serial: boolean;
  readonly #fromClient = new LineReader();
  readonly #fromBackend = new LineReader();
  #begun: LineRequest | undefined;
  #bodyLeft = 0;
  #answerLeft: number | undefined;
  #asked = false;

  constructor({ serverFirst, serial }: { serverFirst: boolean; serial: boolean }) {
    this.serverFirst = serverFirst;
    this.serial = serial;
  }

  readClient(chunk: Buffer, from: number): ClientStep {
    if (this.#begun) return this.#readBody(chunk, from);
    if (from === chunk.length) return { kind: 'more' };
    const { line, end } = this.#fromClient.read(chunk, from);
    if (this.#asked) {
      if (line !== undefined) this.#asked = false;
      return { kind: 'continued', end };
    }
    if (line === undefined) return { kind: 'more' };
    if (line === 'RAW') return { kind: 'opaque' };
    this.#begun = requestOf(line);
    this.#bodyLeft = this.#begun.bodyBytes;
    return { kind: 'head', end, request: this.#begun };
  }

  #readBody(chunk: Buffer, from: number): ClientStep {
    const end = Math.min(chunk.length, from + this.#bodyLeft);
    this.#bodyLeft -= end - from;
    if (this.#bodyLeft > 0) return { kind: 'more' };
    this.#begun = undefined;
    return { kind: 'complete', end };
  }

  readBackend(chunk: Buffer, from: number, request: Request | undefined): BackendStep {
    let at = from;
    if (this.#answerLeft === undefined) {
      const { line, end } = this.#fromBackend.read(chunk, from);
      const unasked = !request || this.#fromBackend.first === '*' || this.#fromBackend.first === '?';
      if (line === undefined) return unasked ? { kind: 'unasked', end } : { kind: 'more' };
      if (line === 'RAW') return { kind: 'opaque' };
      if (line === '?') this.#asked = true;
      if (unasked) return { kind: 'unasked', end };
      this.#answerLeft = bytesBehind(line, 'BULK');
      at = end;
    }
    const end = Math.min(chunk.length, at + this.#answerLeft);
    this.#answerLeft -= end - at;
    if (this.#answerLeft > 0) return { kind: 'more' };
    this.#answerLeft = undefined;
    return { kind: 'complete', end };
  }

  /** The code `none` stands for a request without an error, `bye` for an error that ends the connection. */
  errorFor(request: Request, { id, code, message }: NativeError): Answer | undefined {
    if (!request.answered || code === 'none') return undefined;
    return { bytes: Buffer.from(`ERR ${message ?? id}\n`), close: code === 'bye' };
  }
}

/** Gathers a line that may come in pieces. */
class LineReader {
  /** The first character of the line that was read last, as far as it has come. */
  first = '';
  #text = '';

  read(chunk: Buffer, from: number): { readonly line: string | undefined; readonly end: number } {
    const newline = chunk.indexOf(LF, from);
    const end = newline < 0 ? chunk.length : newline + 1;
    this.#text += chunk.toString('latin1', from, end);
    this.first = this.#text[0] ?? '';
    if (newline < 0) return { line: undefined, end };
    const line = this.#text.slice(0, -1);
    this.#text = '';
    return { line, end };
  }
}

function requestOf(line: string): LineRequest {
  const [word = '', ...rest] = line.split(' ');
  const toBackend = word === 'SWAP' ? Buffer.from(`SWAPPED ${rest.join(' ')}\n`) : undefined;
  const replaced = word === 'SWAP' || word === 'SKIP';
  return {
    operation: word,
    answered: !word.startsWith('!'),
    judged: word !== 'LOGIN' && !replaced,
    instead: replaced ? { toBackend, toClient: Buffer.from('INSTEAD\n') } : undefined,
    bodyBytes: bytesBehind(line, 'DATA'),
  };
}

function bytesBehind(line: string, word: string): number {
  return line.startsWith(`${word} `) ? Number(line.slice(word.length + 1)) : 0;
}

function linePlugin(name: string, kind: { serverFirst: boolean; serial: boolean }): ProtocolPlugin {
  return exchangeProtocol({
    name,
    doc: 'Lines, for tests.',
    options: z.strictObject({}),
    checkCode: () => undefined,
    codec: () => () => new LineCodec(kind),
  });
}

/** The names under which the protocol stands in the registry: as it is, one at a time, and with a greeting. */
export const LINE = 'line';
export const SERIAL = 'line-serial';
export const GREETING = 'line-greeting';
registerProtocol(linePlugin(LINE, { serverFirst: false, serial: false }));
registerProtocol(linePlugin(SERIAL, { serverFirst: false, serial: true }));
registerProtocol(linePlugin(GREETING, { serverFirst: true, serial: false }));

/** The requests of a connection as a backend reads them: each line with the bytes behind it, as far as they are whole. */
export function requestsIn(text: string): readonly string[] {
  const requests: string[] = [];
  for (let at = 0; ; ) {
    const newline = text.indexOf('\n', at);
    if (newline < 0) return requests;
    const end = newline + 1 + bytesBehind(text.slice(at, newline), 'DATA');
    if (end > text.length) return requests;
    requests.push(text.slice(at, end));
    at = end;
  }
}

/** What the backend of the tests answers to a request: nothing to one-way requests. */
export function answerTo(request: string): string {
  if (request.startsWith('!')) return '';
  const line = request.slice(0, request.indexOf('\n'));
  const bulk = bytesBehind(line, 'GET');
  return bulk > 0 ? `BULK ${bulk}\n${'x'.repeat(bulk)}` : `OK ${line}\n`;
}

/** A backend that answers every request, in order, in pieces of the given size, and ends when its client does. */
export function startLineBackend(pieces: number = Number.POSITIVE_INFINITY): Promise<Backend> {
  return startBackend((peer) => {
    let answered = 0;
    let sent = Promise.resolve();
    peer.socket.on('data', () => {
      const requests = requestsIn(peer.text).slice(answered);
      answered += requests.length;
      const answers = requests.map(answerTo).join('');
      sent = sent.then(() => sendInPieces(peer, answers, pieces));
    });
    peer.socket.on('end', () => void sent.then(() => peer.socket.end()));
  });
}

/** Sends a text in pieces of the given size, each in a turn of its own. */
export async function sendInPieces(peer: Peer, text: string, size: number): Promise<void> {
  for (let at = 0; at < text.length; at += size) {
    peer.send(text.slice(at, at + size));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A rule that hits one word only. */
export function on(operation: string, behavior: string, options: Record<string, unknown> = {}): Rule {
  return { ...rule(operation, behavior, options), match: { operation } };
}

/** A proxy before a backend that the test plays itself. */
export async function betweenPeers(
  rules: readonly Rule[],
  protocol: string = LINE,
): Promise<AsyncDisposable & { client: Peer; server: () => Promise<Peer>; served: TestProxy }> {
  await using stack = new AsyncDisposableStack();
  const backend = stack.use(await startBackend(() => {}));
  const served = stack.use(await startTestProxy(protocol, backend.address, rules));
  const client = await dial(served.proxy.address);
  const all = stack.move();
  return { client, server: () => backend.accepted(1), served, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

import type { Answer, BackendStep, ClientStep, Codec, NativeError, Request } from '../exchange/codec.ts';
import { binaryCommand, isQuiet, STATS } from './binary-opcodes.ts';
import { binaryError } from './native-error.ts';
import { type PacketHeader, PacketReader } from './packet-reader.ts';

type BinaryRequest = Request & {
  readonly opcode: number;
  readonly opaque: number;
  /** Quiet requests stand before it whose answers may still come. */
  readonly afterQuiet: boolean;
};

const OPAQUE = { kind: 'opaque' } as const;
const MORE = { kind: 'more' } as const;

/**
 * One connection of the binary protocol. What the server has to say to quiet requests comes before its answer to the
 * next request that is not quiet, and counts as a part of that answer.
 * @see https://github.com/memcached/memcached/wiki/BinaryProtocolRevamped
 */
export class BinaryCodec implements Codec {
  readonly serverFirst = false;
  readonly #requests = new PacketReader(0x80);
  readonly #responses = new PacketReader(0x81);
  #headTold = false;
  #afterQuiet = false;
  /** Whether the packet that the server is sending belongs to the answer of a request. */
  #asked = false;

  readClient(chunk: Buffer, from: number): ClientStep {
    const packets = this.#requests;
    const end = packets.read(chunk, from);
    if (packets.invalid) return OPAQUE;
    if (!this.#headTold && packets.header) {
      const request = this.#request(packets.header);
      if (!request) return OPAQUE;
      this.#headTold = true;
      return { kind: 'head', end, request };
    }
    if (!packets.complete) return MORE;
    packets.next();
    this.#headTold = false;
    return { kind: 'complete', end };
  }

  readBackend(chunk: Buffer, from: number, request: Request | undefined): BackendStep {
    const packets = this.#responses;
    const asking = request?.answered && isBinaryRequest(request) ? request : undefined;
    for (let at = from; at < chunk.length; ) {
      if (!packets.begun) this.#asked = asking !== undefined;
      at = packets.read(chunk, at);
      if (packets.invalid) return OPAQUE;
      const { header } = packets;
      if (this.#asked && header && isAstray(header, asking)) return OPAQUE;
      if (!header || !packets.complete) continue;
      packets.next();
      if (!this.#asked) return { kind: 'unasked', end: at };
      if (asking && ends(header, asking)) return { kind: 'complete', end: at };
    }
    return this.#asked ? MORE : { kind: 'unasked', end: chunk.length };
  }

  errorFor(request: Request, error: NativeError): Answer | undefined {
    if (!isBinaryRequest(request)) return undefined;
    // Answers to quiet requests before it must not come after the one that the client takes for the last.
    return { bytes: binaryError(request, error), close: request.answered && request.afterQuiet };
  }

  #request({ opcode, opaque }: PacketHeader): BinaryRequest | undefined {
    const command = binaryCommand(opcode);
    if (!command) return undefined;
    const { operation, quiet, judged } = command;
    const afterQuiet = this.#afterQuiet;
    this.#afterQuiet = quiet;
    return { operation, answered: !quiet, judged, opcode, opaque, afterQuiet };
  }
}

/** Statistics end with a packet that has none. */
function ends({ opcode, keyBytes, status }: PacketHeader, request: BinaryRequest): boolean {
  if (opcode !== request.opcode) return false;
  return opcode !== STATS || keyBytes === 0 || status !== 0;
}

/** Whether a packet answers neither the request nor a quiet one before it, so that the order of answers is lost. */
function isAstray({ opcode }: PacketHeader, request: BinaryRequest | undefined): boolean {
  return opcode !== request?.opcode && !isQuiet(opcode);
}

function isBinaryRequest(request: Request): request is BinaryRequest {
  return 'opcode' in request && 'afterQuiet' in request;
}

import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import fc from 'fast-check';
import { Client } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordOf } from './response-head.ts';
import { type Parsed, parsePieces } from './response-parser.test.fixture.ts';
import { mutated, mutations, responses } from './responses.test.fixture.ts';

// What undici (llhttp) makes of the same bytes, over a real connection that the server then closes.

let answer: Buffer = Buffer.alloc(0);
const server = createServer((socket) => {
  socket.on('error', () => undefined).once('data', () => socket.end(answer));
});

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
});

afterAll(() => {
  server.close();
});

type Outcome = { readonly status: number; readonly headers: unknown; readonly body: string } | 'failed';

async function byUndici(method: string, bytes: Buffer): Promise<Outcome> {
  answer = bytes;
  const client = new Client(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    const { statusCode, headers, body } = await client.request({ path: '/', method: method as 'GET' });
    const text = Buffer.from(await body.arrayBuffer()).toString('latin1');
    return { status: statusCode, headers: trimmed(headers), body: text };
  } catch {
    return 'failed';
  } finally {
    await client.destroy();
  }
}

/** undici leaves white space behind a value, which is no part of it (RFC 9110, section 5.5). */
function trimmed(headers: Readonly<Record<string, string | string[] | undefined>>): unknown {
  const trim = (value: string): string => value.replace(/[ \t]+$/, '');
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.map(trim) : trim(value ?? '')]),
  );
}

function byUs(parsed: Parsed): Outcome {
  if (parsed.kind !== 'complete') return 'failed';
  return { status: parsed.status, headers: { ...recordOf(parsed.fields) }, body: parsed.body };
}

test('well-formed responses are the same to us and to undici', async () => {
  await fc.assert(
    fc.asyncProperty(responses, async ({ method, bytes }) => {
      const written = Buffer.from(bytes, 'latin1');
      const ours = byUs(parsePieces(method, [written]));
      expect(ours).not.toBe('failed');
      expect(ours).toEqual(await byUndici(method, written));
    }),
    { numRuns: 200 },
  );
});

test('malformed ones too: we take nothing that undici refuses', async () => {
  await fc.assert(
    fc.asyncProperty(responses, mutations, async ({ method, bytes }, changes) => {
      const written = Buffer.from(mutated(bytes, changes), 'latin1');
      // undici takes no `100 Continue`, which every client has to be ready for (RFC 9110, section 15.2).
      fc.pre(!written.includes('HTTP/1.1 100'));
      // `chunked,` is `chunked`: who reads a list ignores what is empty in it (RFC 9110, section 5.6.1), and undici does not.
      fc.pre(!/^transfer-encoding:(.*,)?[ \t]*(,.*)?\r?$/im.test(written.toString('latin1')));
      // White space behind a value is no part of it (RFC 9112, section 5), and undici compares a length with it.
      fc.pre(!/^content-length:.*[ \t]\r?$/im.test(written.toString('latin1')));
      const parsed = parsePieces(method, [written]);
      // With garbage behind the end undici may or may not get the response out before it gives up the connection.
      fc.pre(parsed.kind !== 'complete' || parsed.rest === 0);
      const ours = byUs(parsed);
      if (ours !== 'failed') expect(ours).toEqual(await byUndici(method, written));
    }),
    { numRuns: 400 },
  );
});

import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ContentCoding, decodeBody, encodeBody } from './content-coding.ts';
import { clientOf, serve } from './servers.test.fixture.ts';

const CODINGS: readonly ContentCoding[] = ['gzip', 'deflate', 'br', 'zstd'];
const MIB = 1024 * 1024;

test.each(CODINGS)('%s: what is encoded is decoded again', async (coding) => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 50_000 }), async (bytes) => {
      const encoded = await encodeBody(Buffer.from(bytes), coding);
      expect(Buffer.from(bytes).equals(await decodeBody(encoded, coding, MIB))).toBe(true);
    }),
    { numRuns: 20 },
  );
});

test('large bodies, several codings, other ways to write them, codings that are not known', async () => {
  const text = Buffer.from('tea '.repeat(500_000));
  expect(await decodeBody(gzipSync(text), 'GZIP', 3 * MIB)).toEqual(text);
  expect(await decodeBody(brotliCompressSync(gzipSync(text)), 'gzip, br', 3 * MIB)).toEqual(text);
  expect(await decodeBody(deflateRawSync('tea'), 'deflate', MIB)).toEqual(Buffer.from('tea'));
  expect(await decodeBody(deflateSync('tea'), ' deflate , identity', MIB)).toEqual(Buffer.from('tea'));
  expect(await decodeBody(Buffer.from('tea'), 'aws-chunked', MIB)).toEqual(Buffer.from('tea'));
});

/** 64 MiB of zeros, as small as each coding makes them. */
const BOMBS: Readonly<Record<ContentCoding, () => Buffer>> = {
  gzip: () => gzipSync(Buffer.alloc(64 * MIB), { level: 1 }),
  deflate: () => deflateSync(Buffer.alloc(64 * MIB), { level: 1 }),
  br: () => brotliCompressSync(Buffer.alloc(64 * MIB), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  zstd: () => zstdCompressSync(Buffer.alloc(64 * MIB)),
};

test.each(CODINGS)('a bomb of %s fails its request at the limit', async (coding) => {
  const bomb = BOMBS[coding]();
  await using server = await serve((_request, response) => {
    response.writeHead(200, { 'content-encoding': coding }).end(bomb);
  });
  const { http, samples } = clientOf(server.url, { limits: { maxBodyBytes: 4 * MIB } });
  await using _ = http;
  await expect(http.get('/')).rejects.toMatchObject({ failure: 'other', cause: { code: 'ERR_HTTP_BODY_TOO_LARGE' } });
  expect(samples).toMatchObject([{ status: 200, failed: true, failure: 'other' }]);
});

test.each([
  ['no gzip', 'gzip', Buffer.from('tea')],
  ['half of it', 'gzip', gzipSync('tea '.repeat(100)).subarray(0, 20)],
  ['no zstd', 'zstd', Buffer.from('tea')],
  ['no brotli', 'br', Buffer.from('tea'.repeat(20_000))],
  ['too many codings', 'gzip, gzip, gzip, gzip, gzip, gzip', gzipSync('tea')],
])('a body that is %s is no response', async (_what, coding, body) => {
  await using server = await serve((_request, response) => {
    response.writeHead(200, { 'content-encoding': coding }).end(body);
  });
  const { http, samples } = clientOf(server.url);
  await using _ = http;
  await expect(http.get('/')).rejects.toMatchObject({ failure: 'protocol', cause: { code: 'ERR_HTTP_CODING' } });
  expect(samples).toMatchObject([{ failed: true, failure: 'protocol' }]);
});

test('a response without a body has nothing to decode, and a session may take bodies as they are', async () => {
  await using server = await serve((request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' });
    response.end(request.url === '/none' ? undefined : gzipSync('tea'));
  });
  const { http, samples } = clientOf(server.url);
  await using _ = http;
  expect(await (await http.head('/')).text()).toBe('');
  expect(await (await http.get('/none')).text()).toBe('');
  expect(await (await http.get('/')).text()).toBe('tea');
  expect(await (await http.session({ decompress: false }).get('/')).bytes()).toEqual(gzipSync('tea'));
  expect(samples.every(({ failed }) => !failed)).toBe(true);
});

import { openAsBlob } from 'node:fs';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clientOf, serve, serveTcp, type TestServer } from '../servers.test.fixture.ts';
import { multipartBody } from './multipart.ts';

const MIB = 1024 * 1024;

/** Tells of what came in a header, and gives it back as the body. */
function mirror(): Promise<TestServer> {
  return serve(async (request, response) => {
    const { 'content-type': type, 'content-length': length, 'content-encoding': coding } = request.headers;
    // What was given up on the way has no answer.
    const body = await buffer(request).catch(() => undefined);
    if (body) response.setHeader('came', `${type} ${length} ${coding}`).end(body);
  });
}

async function withFile(bytes: Buffer): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'loads-body-'));
  const path = join(folder, 'photo.jpg');
  await writeFile(path, bytes);
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

test('fields and files arrive as a form, read by a parser of another hand', async () => {
  await using server = await mirror();
  await using photo = await withFile(Buffer.alloc(200_000, 'photo'));
  const { http, samples } = clientOf(server.url);
  await using _ = http;
  const form = new FormData();
  form.append('na"me', 'a\nb');
  form.append('ünï', '買う');
  form.append('photo', await openAsBlob(photo.path, { type: 'image/jpeg' }), 'a "b".jpg');
  const response = await http.post('/', { body: form });
  const [type = '', length] = (response.headers.get('came') ?? '').split(/ (?=\d)/);
  expect(type).toMatch(/^multipart\/form-data; boundary=/);
  const parsed = await new Response(await response.text(), { headers: { 'content-type': type } }).formData();
  expect(parsed.get('na"me')).toBe('a\r\nb');
  expect(parsed.get('ünï')).toBe('買う');
  const file = parsed.get('photo') as File;
  expect([file.name, file.type, file.size]).toEqual(['a "b".jpg', 'image/jpeg', 200_000]);
  expect(Number.parseInt(length ?? '', 10)).toBeGreaterThan(200_000);
  expect(samples[0]?.bytesSent).toBeGreaterThan(200_000);
  expect(samples[0]?.sendingMs).toBeGreaterThan(0);
});

test('a form is as long as it says, whatever is in it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.string(), fc.string(), fc.boolean())), async (fields) => {
      const form = new FormData();
      for (const [name, value, asFile] of fields) {
        if (asFile) form.append(name, new Blob([value]), value);
        else form.append(name, value);
      }
      const { body } = multipartBody(form);
      let bytes = 0;
      for await (const chunk of body.chunks()) bytes += chunk.length;
      expect(bytes).toBe(body.length);
    }),
    { numRuns: 50 },
  );
});

test('a file is sent with its type, and again after a redirect', async () => {
  await using photo = await withFile(Buffer.alloc(2 * MIB, 'x'));
  let came = 0;
  await using server = await serve((request, response) => {
    request.on('data', (chunk: Buffer) => {
      came += chunk.length;
    });
    request.on('end', () => {
      if (request.url === '/') response.writeHead(307, { location: '/there' }).end();
      else response.end(`${request.headers['content-type']} ${request.headers['content-length']}`);
    });
  });
  const { http, samples } = clientOf(server.url);
  await using _ = http;
  const response = await http.put('/', { body: await openAsBlob(photo.path, { type: 'image/jpeg' }) });
  expect(await response.text()).toBe(`image/jpeg ${2 * MIB}`);
  expect(came).toBe(4 * MIB);
  expect(samples.map(({ status, sendingMs, waitingMs }) => [status, sendingMs > 0, waitingMs >= 0])).toEqual([
    [307, true, true],
    [200, true, true],
  ]);
  expect(server.connections).toHaveLength(1);
});

test('a file that has changed since fails its request, and the connection is not used again', async () => {
  await using server = await mirror();
  await using photo = await withFile(Buffer.alloc(MIB));
  const { http, samples } = clientOf(server.url);
  await using _ = http;
  const body = await openAsBlob(photo.path);
  await appendFile(photo.path, 'more');
  await expect(http.post('/', { body })).rejects.toMatchObject({ failure: 'other' });
  expect(samples).toMatchObject([{ failed: true, failure: 'other' }]);
  expect(await (await http.post('/', { body: 'x' })).text()).toBe('x');
  expect(server.connections).toHaveLength(2);
});

test('a server that answers before it has all is heard, and its connection is closed', async () => {
  await using server = await serveTcp((socket) => {
    socket.pause();
    socket.write('HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n');
  });
  await using photo = await withFile(Buffer.alloc(16 * MIB));
  const { http, samples } = clientOf(server.url);
  await using _ = http;
  expect((await http.post('/', { body: await openAsBlob(photo.path) })).status).toBe(413);
  expect((await http.post('/', { body: Buffer.alloc(16 * MIB) })).status).toBe(413);
  expect(server.connections).toHaveLength(2);
  expect(samples.map(({ sendingMs }) => sendingMs)).toEqual([0, 0]);
});

/** As large as a disk, and counts what is read of it. */
class LargeFile extends Blob {
  readBytes = 0;

  override readonly size = 1024 * MIB;

  override stream(): ReturnType<Blob['stream']> {
    return new ReadableStream({
      pull: (controller) => {
        this.readBytes += MIB;
        controller.enqueue(new Uint8Array(MIB));
      },
    });
  }
}

test('no more of a file is read than is sent, and a time limit cuts a body that nobody takes', async () => {
  await using server = await serveTcp((socket) => void socket.pause());
  const { http, samples } = clientOf(server.url);
  await using _ = http;
  const body = new LargeFile([]);
  await expect(http.post('/', { body, timeout: 1000 })).rejects.toMatchObject({ failure: 'timeout' });
  expect(samples).toMatchObject([{ failure: 'timeout', sendingMs: 0 }]);
  // What the buffers of two sockets hold.
  expect(body.readBytes).toBeGreaterThan(0);
  expect(body.readBytes).toBeLessThan(64 * MIB);
});

test.each([
  ['gzip', gunzipSync],
  ['deflate', inflateSync],
  ['br', brotliDecompressSync],
  ['zstd', zstdDecompressSync],
] as const)('a body is sent in %s', async (compress, decode) => {
  await using server = await mirror();
  const { http } = clientOf(server.url);
  await using _ = http;
  const response = await http.post('/', { json: { tea: 'x'.repeat(1000) }, compress });
  const bytes = Buffer.from(await response.bytes());
  expect(response.headers.get('came')).toBe(`application/json ${bytes.length} ${compress}`);
  expect(JSON.parse(decode(bytes).toString())).toEqual({ tea: 'x'.repeat(1000) });
  expect((await http.get('/', { compress })).headers.get('came')).toBe('undefined undefined undefined');
  await expect(http.post('/', { body: new FormData(), compress })).rejects.toThrow(TypeError);
});

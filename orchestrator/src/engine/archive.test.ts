import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { extract, type Header } from 'tar-stream';
import { expect, test } from 'vitest';
import { packArchive, unpackArchive } from './archive.ts';

test('files come out as they went in, one after the other', async () => {
  const big = Buffer.alloc(100_000, 7);
  const archive = await packArchive([
    { path: '/a' },
    { path: '/a/one', content: 'x' },
    { path: 'a/two', content: big },
  ]);
  const files: [string, Buffer][] = [];
  for await (const { path, content } of unpackArchive(Readable.from([archive])))
    files.push([path, await buffer(content)]);
  expect(files).toEqual([
    ['a/one', Buffer.from('x')],
    ['a/two', big],
  ]);
});

test('all belongs to the user of the nodes, and what must appear whole is linked after it is written', async () => {
  const archive = await packArchive([{ path: '/s/start.part', content: '{}', mode: 0o600, appearsAs: '/s/start' }]);
  const headers: Header[] = [];
  for await (const entry of Readable.from([archive]).pipe(extract())) {
    headers.push(entry.header);
    entry.resume();
  }
  expect(headers).toMatchObject([
    { name: 's/start.part', type: 'file', mode: 0o600, uid: 1000, gid: 1000 },
    { name: 's/start', type: 'link', linkname: 's/start.part', uid: 1000 },
  ]);
});

test('an archive that ends too early is an error', async () => {
  const archive = await packArchive([{ path: 'a', content: Buffer.alloc(5000) }]);
  const read = async (): Promise<void> => {
    for await (const { content } of unpackArchive(Readable.from([archive.subarray(0, 1500)]))) await buffer(content);
  };
  await expect(read()).rejects.toThrow();
});

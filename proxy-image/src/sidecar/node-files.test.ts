import { mkdtempDisposable, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { NodeFiles } from './node-files.ts';

test('a file is undefined while it is not there, and its content when it is', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-node-'));
  const files = new NodeFiles(dir.path);
  expect(await files.read('start.json')).toBeUndefined();
  await files.write('start.json', { atMs: 1 });
  await files.write('start.json', { atMs: 2, setup: ['ä'] });
  expect(await files.read('start.json')).toEqual({ atMs: 2, setup: ['ä'] });
  await files.writeCompressed('result.json.gz', { node: 1 });
  expect(gunzipSync(await readFile(join(dir.path, 'result.json.gz'))).toString()).toBe('{"node":1}');
  expect(await readdir(dir.path)).toEqual(['result.json.gz', 'start.json']);
});

test('a file that cannot be read, and a folder that is not there, are errors', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-node-'));
  await writeFile(join(dir.path, 'start.json'), '{');
  await expect(new NodeFiles(dir.path).read('start.json')).rejects.toThrow(SyntaxError);
  await expect(new NodeFiles(join(dir.path, 'gone')).write('x.json', {})).rejects.toThrow('ENOENT');
});

test('a reader sees one whole content or another, never a part', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-node-'));
  const files = new NodeFiles(dir.path);
  const contents = [1, 2].map((kind) => ({ kind, text: String(kind).repeat(200_000) }));
  await files.write('live.json', contents[0]);
  let writing = true;
  const writes = (async () => {
    for (let i = 0; i < 40; i++) await files.write('live.json', contents[i % 2]);
    writing = false;
  })();
  let reads = 0;
  for (; writing; reads++) expect(contents).toContainEqual(await files.read('live.json'));
  await writes;
  expect(reads).toBeGreaterThan(1);
});

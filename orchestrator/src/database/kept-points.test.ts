import { appendFile, mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { keptPoints } from './kept-points.ts';

async function linesIn(folder: string): Promise<readonly string[]> {
  const kept = await keptPoints(folder);
  return (await Promise.all(kept.map((one) => one.lines()))).flat();
}

test('all points of a run are found: packed, still in a spool, and those of the run, in the order in which they were made', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-run-'));
  const node = (number: number): string => join(dir.path, 'nodes', String(number));
  for (const number of [1, 2, 10]) await mkdir(join(node(number), 'spool'), { recursive: true });
  await writeFile(join(dir.path, 'points.lp'), 'run 1\nrun 2\n');
  await writeFile(join(node(10), 'spool', '00000001-1.lp'), 'ten 1');
  await writeFile(join(node(2), 'points.lp.gz'), gzipSync('two 1\ntwo 2\n'));
  await appendFile(join(node(2), 'points.lp.gz'), gzipSync('two 3\n'));
  await writeFile(join(node(2), 'spool', '00000009-2.lp'), 'two 5\ntwo 6');
  await writeFile(join(node(2), 'spool', '00000008-1.lp'), 'two 4');
  await writeFile(join(node(2), 'spool', '00000010-1.lp.part'), 'half of a li');
  const twos = Array.from({ length: 6 }, (_, i) => `two ${i + 1}`);
  expect(await linesIn(dir.path)).toEqual([...twos, 'ten 1', 'run 1', 'run 2']);
});

test('a packed file that was cut off gives what can be read of it', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-run-'));
  const node = join(dir.path, 'nodes', '1');
  await mkdir(node, { recursive: true });
  const second = gzipSync('three\n');
  await writeFile(
    join(node, 'points.lp.gz'),
    Buffer.concat([gzipSync('one\ntwo\n'), second.subarray(0, second.length - 6)]),
  );
  expect((await linesIn(dir.path)).slice(0, 2)).toEqual(['one', 'two']);
});

test('a run that kept nothing has nothing', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-run-'));
  expect(await linesIn(dir.path)).toEqual([]);
});

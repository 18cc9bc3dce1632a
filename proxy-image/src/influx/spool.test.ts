import { mkdtempDisposable, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Spool } from './spool.ts';

test('batches come out in the order in which they went in', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-spool-'));
  const spool = await Spool.open({ dir: join(dir.path, 'made') });
  expect([spool.isEmpty, await spool.peek()]).toEqual([true, undefined]);
  await spool.push(['a', 'b']);
  await spool.push(['c']);
  expect([spool.isEmpty, spool.lines]).toEqual([false, 3]);
  expect(await spool.peek()).toEqual(['a', 'b']);
  expect(await spool.peek()).toEqual(['a', 'b']);
  await spool.shift();
  expect(await spool.peek()).toEqual(['c']);
  await spool.shift();
  await spool.shift();
  expect([spool.isEmpty, spool.lines, await readdir(join(dir.path, 'made'))]).toEqual([true, 0, []]);
});

test('a spool is found again, in order, by a process that goes on with it', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-spool-'));
  const before = await Spool.open({ dir: dir.path });
  for (let i = 0; i < 12; i++) await before.push([`batch ${i}`, 'é']);
  await before.shift();
  // What is no batch of the spool is left alone, such as one that was being written when its process was killed.
  for (const name of ['notes.txt', '00000099-5.lp.part']) await writeFile(join(dir.path, name), 'x');

  const after = await Spool.open({ dir: dir.path });
  expect(after.lines).toBe(22);
  await after.push(['last']);
  const again = await Spool.open({ dir: dir.path });
  const seen: string[] = [];
  for (; !again.isEmpty; await again.shift()) seen.push((await again.peek())?.[0] ?? '');
  expect(seen).toEqual([...Array.from({ length: 11 }, (_, i) => `batch ${i + 1}`), 'last']);
});

test('a batch that has no room is not taken, in bytes as they are on disk', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-spool-'));
  const spool = await Spool.open({ dir: dir.path, maxBytes: 7 });
  expect(await spool.push(['éé', 'b'])).toBeUndefined();
  expect(await spool.push(['cc'])).toBe('the spool is full (0 MiB)');
  expect(await spool.push(['c'])).toBeUndefined();
  expect(spool.lines).toBe(3);
  // A spool that is found again is as full as it was.
  const again = await Spool.open({ dir: dir.path, maxBytes: 7 });
  expect(await again.push(['d'])).toMatch('full');
  await again.shift();
  expect(await again.push(['dd'])).toBeUndefined();
});

test('a disk that does not take a batch is no error, and leaves nothing of it', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-spool-'));
  const gone = join(dir.path, 'gone');
  const spool = await Spool.open({ dir: gone });
  await rm(gone, { recursive: true });
  expect(await spool.push(['a'])).toBe('the spool cannot be written: ENOENT: no such file or directory');
  expect([spool.isEmpty, spool.lines]).toEqual([true, 0]);
});

test('a spool is packed into one compressed file, and still counts', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-spool-'));
  const spool = await Spool.open({ dir: join(dir.path, 'spool') });
  await spool.push(['a', 'b']);
  await spool.push(['c']);
  const packed = join(dir.path, 'points.lp.gz');
  await spool.pack(packed);
  expect(gunzipSync(await readFile(packed)).toString()).toBe('a\nb\nc\n');
  expect([spool.isEmpty, spool.lines]).toEqual([true, 3]);
  await spool.push(['d']);
  await spool.pack(packed);
  expect(gunzipSync(await readFile(packed)).toString()).toBe('a\nb\nc\nd\n');
});

test('what cannot be packed stays in the spool', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-spool-'));
  const spool = await Spool.open({ dir: dir.path });
  await spool.push(['a', 'b']);
  await spool.pack(join(dir.path, 'no', 'such', 'folder'));
  expect([await spool.peek(), spool.lines]).toEqual([['a', 'b'], 2]);
});

test('the newest batch can be taken back', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-spool-'));
  const spool = await Spool.open({ dir: dir.path });
  await spool.push(['a', 'b']);
  await spool.push(['c']);
  expect([await spool.pop(), spool.lines, await spool.pop(), await spool.pop()]).toEqual([1, 2, 2, 0]);
  expect(await readdir(dir.path)).toEqual([]);
});

import { expect, test } from 'vitest';
import { buildContext } from './build-context.ts';

const FILES = [
  { path: 'Dockerfile', content: 'FROM scratch', mode: 0o644 },
  { path: 'a/run.mjs', content: new TextEncoder().encode('#!/bin/sh'), mode: 0o755 },
];

test('the same files are the same archive', async () => {
  expect((await buildContext(FILES)).equals(await buildContext(FILES))).toBe(true);
});

test('an entry has its path, its mode and the time 0', async () => {
  const archive = await buildContext(FILES);
  // Header of ustar: name 0-99, mode 100-107, mtime 136-147. The first file takes a header and one block.
  const field = (from: number, to: number): string => archive.toString('latin1', 1024 + from, 1024 + to);
  expect(field(0, 9)).toBe('a/run.mjs');
  expect(Number.parseInt(field(100, 107), 8) & 0o777).toBe(0o755);
  expect(Number.parseInt(field(136, 147), 8)).toBe(0);
});

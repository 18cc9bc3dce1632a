import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { processTable } from './process-table.ts';

test('others are what is neither this process, nor a zombie, nor its own child', async () => {
  await using proc = await mkdtempDisposable(join(tmpdir(), 'loads-proc-'));
  const stats = { 1: '1 (node) S 0', 7: '7 (a b) c) S 0', 8: '8 (old) Z 0', 9: '9 (child) R 1', self: '' };
  for (const [pid, stat] of Object.entries(stats)) {
    await mkdir(join(proc.path, pid));
    await writeFile(join(proc.path, pid, 'stat'), `${stat} 0 0`);
  }
  expect(processTable(proc.path, 1).others()).toEqual([7]);
});

test('a signal reaches them', async () => {
  await using proc = await mkdtempDisposable(join(tmpdir(), 'loads-proc-'));
  const child = spawn('sleep', ['60']);
  await mkdir(join(proc.path, String(child.pid)));
  await writeFile(join(proc.path, String(child.pid), 'stat'), `${child.pid} (sleep) S 0`);
  processTable(proc.path, 1).signal('SIGTERM');
  expect((await once(child, 'exit'))[1]).toBe('SIGTERM');
});

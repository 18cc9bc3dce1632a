import { execFile } from 'node:child_process';
import { mkdir, statfs } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { freePort } from '../servers/server-process.ts';
import { runLoads } from '../support/loads.ts';
import { startTarget } from '../support/target.ts';
import { Workspace } from '../support/workspace.ts';

const run = promisify(execFile);

/** A disk of 1 MiB as a folder; undefined where this process may not mount one. */
async function smallDisk(path: string): Promise<AsyncDisposable | undefined> {
  await mkdir(path, { recursive: true });
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'loads-test', path]);
  } catch {
    return undefined;
  }
  return {
    async [Symbol.asyncDispose]() {
      await run('umount', ['-l', path]);
    },
  };
}

/** Many series, and so many points. */
const MANY_NAMES = `
import { scenario } from '@loads/node';
scenario('many', async ({ http, sleep }) => {
  for (let i = 0; i < 40; i++) await http.get('/items', { name: 'name ' + i });
  await sleep(10);
});
`;

test('a disk that is full of waiting points is stated and counted, and the run is judged all the same', async (context) => {
  await using target = await startTarget();
  await using workspace = await Workspace.create();
  await using disk = await smallDisk(workspace.file('.loads'));
  context.skip(disk === undefined, 'a small disk: only root may mount one');
  await workspace.write('many.ts', MANY_NAMES);
  const env = { LOADS_INFLUX_URL: `http://127.0.0.1:${await freePort()}` };
  const args = ['run', 'many.ts', '--nodes', '2', '-w', '4', '-d', '5s', '-t', target.url];
  const { exitCode, stdout, stderr } = await runLoads(workspace, args, env);
  expect(exitCode, stdout + stderr).toBe(0);
  const summary = await workspace.summary();
  expect(summary.total.ok).toBe((await target.stats()).total);
  expect(summary.lost).toBe(0);

  const { points } = summary.accounting;
  expect(points?.written).toBe(0);
  expect(points?.spooled).toBeGreaterThan(1000);
  expect(points?.dropped).toBeGreaterThan(1000);
  expect(points?.problem).toMatch(/does not answer: .*ECONNREFUSED.*; the disk of the spool is full/);
  expect(stdout).toMatch(/points: 0 written \/ [\d,]+ spooled \/ [\d,]+ dropped/);
  expect(stdout).toContain('the disk of the spool is full');
  // Points leave room for what is worth more.
  const { blocks, bavail } = await statfs(workspace.file('.loads'));
  expect(bavail / blocks).toBeGreaterThan(0.05);
});

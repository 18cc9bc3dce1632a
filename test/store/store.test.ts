import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { runLoads, startLoads } from '../support/loads.ts';
import { Workspace } from '../support/workspace.ts';

const WAIT = `import { scenario } from '@loads/node';
scenario('wait', ({ sleep }) => sleep(50));`;
/** No engine of this machine has a part in it. */
const ALONE = { DOCKER_HOST: '' };

type Row = Readonly<Record<string, string | number>>;

async function ps(workspace: Workspace, ...flags: readonly string[]): Promise<readonly Row[]> {
  const { stdout, stderr } = await runLoads(workspace, ['ps', '--json', ...flags], ALONE);
  const { runs } = JSON.parse(stdout) as { runs: readonly Row[] };
  expect(stderr).toBe('');
  return runs.filter(({ on }) => on !== 'docker');
}

test('runs are listed, shown, and removed when they have ended', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('wait.ts', WAIT);
  for (const flags of [[], ['--label', 'version=2']]) {
    expect((await runLoads(workspace, ['run', 'wait.ts', '-i', '3', ...flags])).exitCode).toBe(0);
  }
  const [first = '', second = ''] = (await workspace.runs()).map((path) => basename(path));
  await using loads = startLoads(workspace, ['run', 'wait.ts', '-d', '1m']);
  await loads.shows(/^1\S*s \/ 1m/m);
  const third = basename(await workspace.run());

  expect(await ps(workspace)).toMatchObject([{ run: third, state: 'running', running: 1 }]);
  expect(await ps(workspace, '--all')).toMatchObject([
    { run: third, state: 'running', running: 1, nodes: 1 },
    { run: second, state: 'ended', verdict: 'passed' },
    { run: first, state: 'ended', verdict: 'passed' },
  ]);
  const shown = await runLoads(workspace, ['show', second]);
  expect(shown.exitCode, shown.stderr).toBe(0);
  expect(shown.stdout).toMatch(/ +run +\d{8}-[\s\S]*iterations\n[\s\S]*PASSED/);
  const early = await runLoads(workspace, ['show', third]);
  expect([early.exitCode, early.stderr]).toEqual([104, expect.stringContaining(`run ${third} still works`)]);

  // One that works keeps all that are named with it.
  const refused = await runLoads(workspace, ['rm', first, third], ALONE);
  expect([refused.exitCode, refused.stderr]).toEqual([104, expect.stringContaining(`run ${third} still works`)]);
  expect(await workspace.runs()).toHaveLength(3);
  // Only what it would do: what others left on this machine's engine is theirs to remove.
  const collected = await runLoads(workspace, ['gc', '--keep', '1', '--dry-run'], ALONE);
  expect(collected.stdout.split('\n').filter((line) => line.includes('-wait-'))).toEqual([`would remove ${first}`]);
  expect((await runLoads(workspace, ['rm', first], ALONE)).stdout).toBe(`removed ${first}\n`);
  expect((await workspace.runs()).map((path) => basename(path))).toEqual([second, third]);

  // Forced, it ends first: nothing of it is left, no process and no folder.
  const forced = await runLoads(workspace, ['rm', '--force', third, second.slice(0, -1)], ALONE);
  expect(forced.exitCode, forced.stderr).toBe(0);
  expect((await loads.ended).exitCode).toBe(98);
  await workspace.quiet();
  expect(await readdir(workspace.file('.loads/runs'))).toEqual([]);
});

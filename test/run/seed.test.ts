import { expect, test } from 'vitest';
import { runLoads } from '../support/loads.ts';
import { Workspace } from '../support/workspace.ts';

const WORKERS = [0, 1, 2];

test('the same seed picks the same scenarios for every worker, on however many nodes', async () => {
  await using workspace = await Workspace.create('record-picks.ts');
  const first = await picks(workspace, 'first', '5', '1');
  const again = await picks(workspace, 'again', '5', '3');
  const other = await picks(workspace, 'other', '6', '1');
  const common = Math.min(...[...first, ...again, ...other].map((names) => names.length));
  expect(common).toBeGreaterThan(50);
  const begin = (runs: readonly (readonly string[])[]): readonly string[][] =>
    runs.map((names) => names.slice(0, common));
  expect(begin(again)).toEqual(begin(first));
  expect(begin(other)).not.toEqual(begin(first));
  // Workers of one run do not march in step.
  expect(begin(first)[1]).not.toEqual(begin(first)[0]);
});

async function picks(workspace: Workspace, name: string, seed: string, nodes: string): Promise<readonly string[][]> {
  const args = ['run', 'record-picks.ts', '-w', '3', '--nodes', nodes, '-d', '2s', '--seed', seed];
  const { exitCode, stdout } = await runLoads(workspace, [...args, '-e', `PICKS=${workspace.file(name)}`]);
  expect(exitCode, stdout).toBe(0);
  expect((await workspace.summary()).seed).toBe(Number(seed));
  return Promise.all(WORKERS.map(async (worker) => [...(await workspace.lines(`${name}-${worker}`))]));
}

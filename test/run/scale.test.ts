import { expect, test } from 'vitest';
import { runLoads, startLoads } from '../support/loads.ts';
import { until } from '../support/until.ts';
import { Workspace } from '../support/workspace.ts';

const IDLE = `import { scenario } from '@loads/node';
scenario('idle', async ({ sleep }) => { await sleep(50); });
`;

test('the number of workers is set from another terminal, over nodes and processes, until the run ends', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('idle.ts', IDLE);
  const args = ['run', 'idle.ts', '--nodes', '2', '-p', '2', '--stage', '1s:4', '--stage', '2m:4'];
  await using loads = startLoads(workspace, args);
  await loads.shows(/^2\S*s \/ 2m/m);
  const run = (await workspace.run()).split('/').at(-1) ?? '';
  const scale = async (...more: string[]): Promise<{ workers: number; before?: number; atWork: number }> => {
    const { stdout, stderr } = await runLoads(workspace, ['scale', run, ...more, '--json']);
    if (stderr !== '') throw new Error(stderr);
    return JSON.parse(stdout);
  };
  expect(await scale()).toMatchObject({ workers: 4 });
  expect(await scale('7')).toMatchObject({ workers: 7, before: 4 });
  await until(async () => (await scale()).atWork === 7, 'there are no 7 workers');
  expect(await scale('-4')).toMatchObject({ workers: 3, before: 7 });
  await until(async () => (await scale()).atWork === 3, 'there are no 3 workers');

  for (const wrong of ['ten', '-4', '1000001']) {
    const refused = await runLoads(workspace, ['scale', run, wrong]);
    expect(refused.exitCode).toBe(104);
    expect(refused.stderr).toMatch(/^error: (expected a number of workers, got 'ten'|a run cannot have -?\d+ workers)/);
  }
  await runLoads(workspace, ['stop', run]);
  expect((await loads.ended).stdout).toMatch(/scaled while it went on, to workers: 7 after \d+s, 3 after \d+s/);
  const { scalings = [], lost, interrupted, nodeRows } = await workspace.summary();
  expect(scalings.map(({ workers }) => workers)).toEqual([7, 3]);
  expect({ lost, interrupted, states: nodeRows.map(({ state }) => state) }).toEqual({
    lost: 0,
    interrupted: 0,
    states: ['done', 'done'],
  });

  const late = await runLoads(workspace, ['scale', run, '5']);
  expect([late.exitCode, late.stderr]).toEqual([104, expect.stringContaining(`${run} has ended`)]);
  const unknown = await runLoads(workspace, ['scale', 'nothing', '5']);
  expect([unknown.exitCode, unknown.stderr]).toEqual([104, expect.stringContaining("there is no run 'nothing'")]);
});

import { expect, test } from 'vitest';
import { describeOnEngine } from '../support/docker.ts';
import { runLoads, startLoads } from '../support/loads.ts';
import { startTarget } from '../support/target.ts';
import { until } from '../support/until.ts';
import { Workspace } from '../support/workspace.ts';
import { containerOf, containersOf, madeBy, removeRun } from './made-by.ts';

const IDLE = `import { scenario } from '@loads/node';
console.log('loaded in', process.cwd());
scenario('idle', async ({ sleep }) => { await sleep(50); });
`;

await describeOnEngine('runs from any terminal', ['node:24-bookworm-slim'], () => {
  test('when the orchestrator is killed the nodes finish, and an attach from elsewhere collects, judges and cleans', async () => {
    await using target = await startTarget('0.0.0.0');
    await using workspace = await Workspace.create('visit.ts');
    await using elsewhere = await Workspace.create();
    const { port } = new URL(target.url);
    const args = ['run', 'visit.ts', '--on', 'docker', '--nodes', '2', '-w', '4', '-d', '8s'];
    await using loads = startLoads(workspace, [...args, '-t', `http://host.docker.internal:${port}`]);
    await loads.shows(/^\S+s \/ 8s/m);
    loads.kill('SIGKILL');
    await loads.ended;
    const run = (await workspace.run()).split('/').at(-1) ?? '';

    const listed = await runLoads(elsewhere, ['ps', '--json']);
    expect((JSON.parse(listed.stdout) as { runs: unknown[] }).runs).toContainEqual(
      expect.objectContaining({ run, on: 'docker', state: 'running', running: 2, nodes: 2 }),
    );
    // It lives, so that it is nobody's to remove.
    expect((await runLoads(elsewhere, ['gc', '--dry-run'])).stdout).not.toContain(run);

    const attached = await runLoads(elsewhere, ['attach', run]);
    expect(attached.exitCode, attached.stdout + attached.stderr).toBe(0);
    const { lost, total, nodeRows, durationMs } = await elsewhere.summary();
    expect(lost).toBe(0);
    expect(total.ok + total.ko).toBe((await target.stats()).total);
    expect(nodeRows.map(({ state }) => state)).toEqual(['done', 'done']);
    expect(durationMs).toBeGreaterThan(7900);
    expect(await madeBy(loads.pid)).toEqual([]);
    // What was collected is judged again, as often as asked.
    expect((await runLoads(elsewhere, ['attach', run])).exitCode).toBe(0);
  });

  test('a run is listened to and stopped from another terminal', async () => {
    await using workspace = await Workspace.create();
    await workspace.write('idle.ts', IDLE);
    await using elsewhere = await Workspace.create();
    await using loads = startLoads(workspace, ['run', 'idle.ts', '--on', 'docker', '--nodes', '2', '-d', '5m']);
    await loads.shows(/s \/ 5m/);
    const run = (await workspace.run()).split('/').at(-1) ?? '';
    const logs = await runLoads(elsewhere, ['logs', run, '--node', '2']);
    expect(logs.stdout).toContain('node 2 scenario | loaded in /scenario');
    expect(logs.stdout).not.toContain('node 1');
    await using following = startLoads(elsewhere, ['logs', run, '-f']);
    await following.shows(/node 1 scenario \| loaded/);

    const scaled = await runLoads(elsewhere, ['scale', run, '5']);
    expect(scaled.stdout, scaled.stderr).toContain(`${run} is to have 5 workers instead of 2`);
    const five = async (): Promise<boolean> =>
      (await runLoads(elsewhere, ['scale', run])).stdout.includes('to have 5 workers; 5 are at work');
    await until(five, 'there are no 5 workers');

    const stopped = await runLoads(elsewhere, ['stop', run]);
    expect(stopped.exitCode, stopped.stderr).toBe(0);
    expect((await loads.ended).exitCode).toBe(105);
    expect((await following.ended).exitCode).toBe(0);
    expect(await workspace.summary()).toMatchObject({ outcome: 'stopped', lost: 0, interrupted: 0 });
    expect(await madeBy(loads.pid)).toEqual([]);
  });

  test('what a dead run left is removed, but not before its results are kept', async () => {
    await using workspace = await Workspace.create();
    await workspace.write('idle.ts', IDLE);
    await using loads = startLoads(workspace, ['run', 'idle.ts', '--on', 'docker', '-d', '5m']);
    await loads.shows(/s \/ 5m/);
    loads.kill('SIGKILL');
    await loads.ended;
    const run = (await workspace.run()).split('/').at(-1) ?? '';
    try {
      await (await containerOf(run, 1, 'sidecar')).kill();
      const over = async (): Promise<boolean> => (await containersOf(run)).every(({ state }) => state !== 'running');
      await until(over, 'the scenario goes on without its sidecar');
      const gone = await runLoads(workspace, ['gc']);
      expect(gone.stdout).toContain(`removed ${run}; what its nodes left is in ${await workspace.run()}`);
      expect(await madeBy(loads.pid)).toEqual([]);
      expect((await runLoads(workspace, ['attach', run])).exitCode).toBe(98);
    } finally {
      await removeRun(run);
    }
  });

  test('runs in processes are listed and stopped too', async () => {
    await using workspace = await Workspace.create();
    await workspace.write('idle.ts', IDLE);
    await using loads = startLoads(workspace, ['run', 'idle.ts', '-d', '5m']);
    await loads.shows(/s \/ 5m/);
    const run = (await workspace.run()).split('/').at(-1) ?? '';
    const { runs } = JSON.parse((await runLoads(workspace, ['ps', '--json'])).stdout) as { runs: unknown[] };
    expect(runs).toContainEqual(expect.objectContaining({ run, on: 'process', running: 1, nodes: 1 }));
    expect((await runLoads(workspace, ['logs'])).stdout).toContain('node 1 scenario | loaded in');
    expect((await runLoads(workspace, ['stop', run, '--now'])).exitCode).toBe(0);
    expect((await loads.ended).exitCode).toBe(105);
    await workspace.quiet();
  });
});

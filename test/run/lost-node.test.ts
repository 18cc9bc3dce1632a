import { expect, test } from 'vitest';
import { startLoads } from '../support/loads.ts';
import { nodeProcesses } from '../support/node-processes.ts';
import { startTarget, type Target } from '../support/target.ts';
import { until } from '../support/until.ts';
import { Workspace } from '../support/workspace.ts';

const ARGS = ['run', 'by-node.ts', '--nodes', '2', '-w', '4', '-d', '4s'];

test('when a scenario process is killed the run is invalid, and the node is named', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create('by-node.ts');
  await using loads = startLoads(workspace, [...ARGS, '-t', target.url]);
  await bothNodesWork(target);
  process.kill((await nodeProcesses(workspace, 2)).scenario, 'SIGKILL');
  const { exitCode, stdout } = await loads.ended;
  expect(exitCode, stdout).toBe(98);
  expect(stdout).toMatch(/INVALID[\s\S]*node 2 was lost: its scenario process ended early/);
  const { outcome, nodeRows } = await workspace.summary();
  expect(outcome).toBe('invalid');
  expect(nodeRows.map(({ state }) => state)).toEqual(['done', 'lost']);
  await workspace.quiet();
});

test('a run that tolerates lost nodes judges what is there, and says so', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create('by-node.ts');
  await using loads = startLoads(workspace, [...ARGS, '-t', target.url, '--tolerate-lost-nodes']);
  await bothNodesWork(target);
  process.kill((await nodeProcesses(workspace, 2)).scenario, 'SIGKILL');
  const { exitCode, stdout } = await loads.ended;
  expect(exitCode, stdout).toBe(0);
  expect(stdout).toMatch(/PASSED[\s\S]*tolerated: node 2 was lost: its scenario process ended early/);
  const { reasons, tolerated, requests } = await workspace.summary();
  expect(reasons).toEqual([]);
  expect(tolerated).toEqual(['node 2 was lost: its scenario process ended early']);
  // The other node is judged as a whole.
  expect(requests.find(({ name }) => name === 'node 1')?.ok).toBe((await target.stats()).requests['GET /items']);
});

test('when a sidecar is killed its node makes no load that nobody measures, and the run is invalid', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create('by-node.ts');
  await using loads = startLoads(workspace, [...ARGS, '-t', target.url]);
  await bothNodesWork(target);
  const { sidecar, scenario } = await nodeProcesses(workspace, 2);
  process.kill(sidecar, 'SIGKILL');
  await until(async () => !(await isRunning(workspace, scenario)), 2000, 'the scenario process goes on');
  const { requests } = await target.stats();
  await until(
    async () => (await fromNode1(target)) > (requests['GET /items'] ?? 0) + 50,
    2000,
    'node 1 does not go on',
  );
  expect((await target.stats()).requests['GET /items/:id']).toBe(requests['GET /items/:id']);

  const { exitCode, stdout } = await loads.ended;
  expect(exitCode, stdout).toBe(98);
  expect(stdout).toMatch(/INVALID[\s\S]*node 2 was lost/);
  expect((await workspace.summary()).nodeRows.map(({ state }) => state)).toEqual(['done', 'lost']);
  await workspace.quiet();
});

test('when the sidecar of a program is killed, the program is ended too, with all that it started', async () => {
  await using workspace = await Workspace.create();
  await using loads = startLoads(workspace, [
    'run',
    '--nodes',
    '2',
    '-d',
    '6s',
    '--',
    'bash',
    '-c',
    'sleep 301 & sleep 302',
  ]);
  const sleeps = async (): Promise<number> =>
    (await workspace.processes()).filter(({ command }) => /^sleep /.test(command)).length;
  await until(async () => (await sleeps()) === 4, 10_000, 'the programs have not begun');
  process.kill((await nodeProcesses(workspace, 2)).sidecar, 'SIGKILL');
  await until(async () => (await sleeps()) === 2, 2000, 'the program goes on');
  expect((await loads.ended).exitCode).toBe(98);
  await workspace.quiet();
});

/** Waits until both nodes have made some requests. */
async function bothNodesWork(target: Target): Promise<void> {
  await until(
    async () => {
      const { requests } = await target.stats();
      return (requests['GET /items'] ?? 0) > 20 && (requests['GET /items/:id'] ?? 0) > 20;
    },
    15_000,
    'the nodes do not work',
  );
}

async function fromNode1(target: Target): Promise<number> {
  return (await target.stats()).requests['GET /items'] ?? 0;
}

async function isRunning(workspace: Workspace, pid: number): Promise<boolean> {
  return (await workspace.processes()).some((found) => found.pid === pid);
}

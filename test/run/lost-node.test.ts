import { expect, test } from 'vitest';
import { runLoads, startLoads } from '../support/loads.ts';
import { nodeProcesses } from '../support/node-processes.ts';
import { startTarget, type Target } from '../support/target.ts';
import { until } from '../support/until.ts';
import { Workspace } from '../support/workspace.ts';

const ARGS = ['run', 'by-node.ts', '--nodes', '2', '-w', '4', '-d', '8s'];

test('when a scenario process is killed the run is invalid, and the node is named', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create('by-node.ts');
  await using loads = startLoads(workspace, [...ARGS, '-t', target.url]);
  await bothNodesWork(target);
  process.kill((await nodeProcesses(workspace, 2)).scenario, 'SIGKILL');
  const { exitCode, stdout } = await loads.ended;
  expect(exitCode, stdout).toBe(98);
  expect(stdout).toMatch(/INVALID[\s\S]*node 2 was lost: its scenario process ended early: killed by SIGKILL, /);
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
  const how = 'killed by SIGKILL, by somebody or by the system, as when memory runs out';
  expect(tolerated).toEqual([`node 2 was lost: its scenario process ended early: ${how}`]);
  // The other node is judged as a whole.
  expect(requests.find(({ name }) => name === 'node 1')?.ok).toBe((await target.stats()).requests['GET /items']);
});

test('what a process died of is known, also to who attaches later, and where its output is', async () => {
  await using workspace = await Workspace.create();
  await workspace.write(
    'greedy.ts',
    `import { appendFileSync } from 'node:fs';
import { scenario } from '@loads/node';
const kept: unknown[] = [];
scenario('greedy', async ({ sleep, env }) => {
  appendFileSync('begun', '1\\n');
  await sleep(1500);
  for (;;) kept.push(new Array(100_000).fill({}));
});`,
  );
  const options = ['-d', '1m', '-e', 'NODE_OPTIONS=--max-old-space-size=64'];
  await using loads = startLoads(workspace, ['run', 'greedy.ts', ...options]);
  await until(async () => (await workspace.lines('begun')).length > 0, 'the scenario does not begin');
  loads.kill('SIGKILL');
  await loads.ended;
  const attached = await runLoads(workspace, ['attach']);
  expect(attached.exitCode, attached.stdout).toBe(98);
  expect((await workspace.summary()).reasons[0]).toMatch(
    /^node 1 was lost: its scenario process ended early: its JavaScript heap was full \(.*\); its output is in nodes\/1\/scenario\.log$/,
  );
});

test('of a process that crashed, one of several or before the start, it is told, too', async () => {
  await using workspace = await Workspace.create();
  await workspace.write(
    'crash.ts',
    `import { scenario, setup } from '@loads/node';
setup(() => void (process.env.EARLY && process.kill(process.pid, 'SIGSEGV')));
scenario('crash', async ({ sleep, worker }) => {
  await sleep(200);
  if (worker === 1) process.kill(process.pid, 'SIGSEGV');
});`,
  );
  const { exitCode, stdout } = await runLoads(workspace, ['run', 'crash.ts', '-p', '2', '-w', '2', '-d', '30s']);
  expect(exitCode, stdout).toBe(98);
  expect(stdout).toContain('node 1 was lost: its scenario process ended early: it crashed in native code (SIGSEGV)');
  const early = await runLoads(workspace, ['run', 'crash.ts', '-e', 'EARLY=1']);
  expect(early.exitCode).toBe(107);
  expect(early.stderr).toMatch(/^error: the scenario process ended before it was ready: it crashed in native code/);
  expect(early.stderr).toContain('\n  its output is in nodes/1/scenario.log of the run, and -v shows it\n');
});

test('when a sidecar is killed its node makes no load that nobody measures, and the run is invalid', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create('by-node.ts');
  await using loads = startLoads(workspace, [...ARGS, '-t', target.url]);
  await bothNodesWork(target);
  const { sidecar, scenario } = await nodeProcesses(workspace, 2);
  process.kill(sidecar, 'SIGKILL');
  await until(async () => !(await isRunning(workspace, scenario)), 'the scenario process goes on');
  const { requests } = await target.stats();
  await until(async () => (await fromNode1(target)) > (requests['GET /items'] ?? 0) + 50, 'node 1 does not go on');
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
  await until(async () => (await sleeps()) === 4, 'the programs have not begun');
  process.kill((await nodeProcesses(workspace, 2)).sidecar, 'SIGKILL');
  await until(async () => (await sleeps()) === 2, 'the program goes on');
  expect((await loads.ended).exitCode).toBe(98);
  await workspace.quiet();
});

/** Waits until both nodes have made some requests. */
async function bothNodesWork(target: Target): Promise<void> {
  await until(async () => {
    const { requests } = await target.stats();
    return (requests['GET /items'] ?? 0) > 20 && (requests['GET /items/:id'] ?? 0) > 20;
  }, 'the nodes do not work');
}

async function fromNode1(target: Target): Promise<number> {
  return (await target.stats()).requests['GET /items'] ?? 0;
}

async function isRunning(workspace: Workspace, pid: number): Promise<boolean> {
  return (await workspace.processes()).some((found) => found.pid === pid);
}

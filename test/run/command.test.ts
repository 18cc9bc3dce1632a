import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { runLoads, startLoads } from '../support/loads.ts';
import { nodeProcesses } from '../support/node-processes.ts';
import { startTarget } from '../support/target.ts';
import { until } from '../support/until.ts';
import { Workspace } from '../support/workspace.ts';

test('the metrics of a shell loop are measured, judged and shown as those of a scenario, to the last sample', async () => {
  await using workspace = await Workspace.create('statsd-loop.sh');
  await workspace.write('loads.yml', '{ nodes: 2, thresholds: { checkout: p(95)<13, orders: count==60 } }');
  const { exitCode, stdout } = await runLoads(workspace, ['run', 'loads.yml', '--', './statsd-loop.sh', '30']);
  expect(exitCode, stdout).toBe(0);
  const { custom, iterations, lost, nodeRows, thresholds } = await workspace.summary();
  const [checkout, orders, ...others] = custom;
  expect(others).toEqual([]);
  expect(checkout).toMatchObject({ metric: 'checkout', kind: 'trend', trend: { count: 60, min: 12.5, max: 12.5 } });
  expect(orders).toMatchObject({ metric: 'orders', kind: 'counter', value: 60 });
  expect(thresholds.map(({ ok }) => ok)).toEqual([true, true]);
  expect(lost).toBe(0);
  expect(iterations).toMatchObject([{ scenario: 'statsd-loop.sh', ok: 2, failed: 0 }]);
  expect(nodeRows.map(({ commandExit }) => commandExit)).toEqual([0, 0]);
  expect(stdout).toMatch(/custom metrics[\s\S]*checkout +60 +12\.5/);
});

test('what a program sent right before its end is counted, though the sidecar was held up', async () => {
  await using workspace = await Workspace.create();
  await workspace.write(
    'burst.sh',
    `burst() { for ((i = 0; i < $1; i++)); do echo 'burst:1|c' >"/dev/udp/$STATSD_HOST/$STATSD_PORT"; done; }
burst 50
touch begun
until [ -e go ]; do sleep 0.01; done
burst 350`,
  );
  await using loads = startLoads(workspace, ['run', '--', 'bash', 'burst.sh']);
  const bash = async (): Promise<boolean> =>
    (await workspace.processes()).some(({ command }) => command === 'bash burst.sh');
  await until(() => existsSync(workspace.file('begun')), 'the program does not begin');
  const { sidecar } = await nodeProcesses(workspace, 1);
  process.kill(sidecar, 'SIGSTOP');
  await workspace.write('go', '');
  await until(async () => !(await bash()), 'the program does not end');
  // Time for the node to say that it is done, which then waits in the sidecar's socket beside the samples.
  await sleep(200);
  process.kill(sidecar, 'SIGCONT');
  const { exitCode, stdout } = await loads.ended;
  expect(exitCode, stdout).toBe(0);
  expect((await workspace.summary()).custom).toMatchObject([{ metric: 'burst', value: 400 }]);
});

test('a program finds its place in the run, the target and the proxies in its environment', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create();
  await workspace.write(
    'loads.yml',
    `{ target: '${target.url}', nodes: 2, duration: 20s, env: { COLOUR: red }, proxies: { web: { protocol: http } } }`,
  );
  const script =
    'echo "$LOADS_NODE of $LOADS_NODES, $LOADS_DURATION s, $COLOUR, $LOADS_TARGET = http://$LOADS_PROXY_WEB/" >> places';
  const { exitCode, stdout } = await runLoads(workspace, ['run', 'loads.yml', '--', 'bash', '-c', script]);
  expect(exitCode, stdout).toBe(0);
  const places = [...(await workspace.lines('places'))].sort();
  const place = /^(\d) of 2, 20 s, red, (http:\/\/127\.0\.0\.1:\d+\/) = \2$/;
  expect(places.map((line) => place.exec(line)?.[1])).toEqual(['1', '2']);
});

test('a program that fails fails the run only where that is asked for, and its exit code is shown', async () => {
  await using workspace = await Workspace.create();
  const tolerant = await runLoads(workspace, ['run', '--', 'bash', '-c', 'exit 3']);
  expect(tolerant.exitCode, tolerant.stdout).toBe(0);
  expect(tolerant.stdout).toContain('exit code 3');
  const { nodeRows, iterations } = await workspace.summary();
  expect(nodeRows.map(({ commandExit }) => commandExit)).toEqual([3]);
  expect(iterations).toMatchObject([{ scenario: 'bash', ok: 0, failed: 1 }]);

  const strict = await runLoads(workspace, ['run', '--fail', '--', 'bash', '-c', 'exit 3']);
  expect(strict.exitCode, strict.stdout).toBe(97);
});

test('with --per-worker every worker is a program, and every exit code and every line is kept', async () => {
  await using workspace = await Workspace.create();
  await workspace.write(
    'user.sh',
    `echo "user $LOADS_CURRENT_USER of $LOADS_TOTAL_USERS, run $LOADS_RUN_ID"
echo "late" >&2
echo "hits:$LOADS_TOTAL_HITS|c" >"/dev/udp/$STATSD_HOST/$STATSD_PORT"
exit $((LOADS_WORKER / 4))`,
  );
  await workspace.write('loads.yml', "{ thresholds: { 'command_exits{code:0}': count==4, hits: count==60 } }");
  const flags = ['--per-worker', '-w', '6', '--nodes', '2', '--hits', '10', '--ramp-up', '100ms'];
  const { exitCode, stdout } = await runLoads(workspace, ['run', 'loads.yml', ...flags, '--', 'bash', 'user.sh']);
  expect(exitCode, stdout).toBe(0);
  expect(stdout).toMatch(/exit codes\n {2}0: 4 {3}1: 2\n/);
  const { commandExits, iterations, run } = await workspace.summary();
  expect(commandExits).toEqual([
    { code: 0, count: 4 },
    { code: 1, count: 2 },
  ]);
  expect(iterations).toMatchObject([{ scenario: 'bash', ok: 4, failed: 2 }]);
  const logs = (await runLoads(workspace, ['logs'])).stdout.split('\n');
  expect(logs).toContain(`node 2 scenario | worker 3: user 4 of 6, run ${run}`);
  expect(logs.filter((line) => / \| worker \d \(stderr\): late$/.test(line))).toHaveLength(6);
});

test('a program that cannot be started is an error of its own, not a run that passed', async () => {
  await using workspace = await Workspace.create('statsd-loop.sh');
  for (const program of ['./nowhere.sh', 'no-such-program', workspace.path]) {
    const { exitCode, stderr } = await runLoads(workspace, ['run', '--', program]);
    expect(exitCode, stderr).toBe(104);
    expect(stderr).toContain(program);
  }
  expect(await workspace.runs()).toEqual([]);
});

test.each([
  ['heeds SIGTERM', ''],
  ['ignores SIGTERM', 'trap "" TERM;'],
])('a program that %s is ended when the time is over, with all that it started', async (_, trap) => {
  await using workspace = await Workspace.create();
  const script = `${trap} sleep 301 & sleep 302 & while true; do sleep 0.1; done`;
  const { exitCode, stdout, tookMs } = await runLoads(workspace, ['run', '-d', '2s', '--', 'bash', '-c', script]);
  expect(exitCode, stdout).toBe(0);
  expect(tookMs).toBeGreaterThan(2000);
  expect(tookMs).toBeLessThan(40_000);
  await workspace.quiet();
});

test('Ctrl-C ends a program with all that it started; a second one also ends what ignores SIGTERM', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('stubborn.sh', `trap '' TERM; sleep 301 & touch begun; while true; do sleep 0.1; done`);
  for (const [script, presses] of [
    ['sleep 301 & touch begun; sleep 302', 1],
    ['bash stubborn.sh & bash stubborn.sh', 2],
  ] as const) {
    await using loads = startLoads(workspace, ['run', '--', 'bash', '-c', script]);
    await until(() => existsSync(workspace.file('begun')), 'the program does not begin');
    loads.ctrlC();
    await loads.shows(/press Ctrl-C again/);
    if (presses === 2) loads.ctrlC();
    const { exitCode, stdout } = await loads.ended;
    expect(exitCode, stdout).toBe(105);
    await workspace.quiet();
    await rm(workspace.file('begun'));
  }
});

test('a program runs where it is told to, and has failed when it takes longer than it may', async () => {
  await using workspace = await Workspace.create();
  const args = ['run', '--workdir', 'made/here', '--fail', '--command-timeout', '1s'];
  const late = await runLoads(workspace, [...args, '--', 'sh', '-c', 'pwd > where; sleep 60']);
  expect(late.exitCode, late.stdout).toBe(97);
  expect(late.stdout).toContain('the program did not end within 1s');
  expect(await workspace.lines('made/here/where')).toEqual([expect.stringMatching(/made\/here$/)]);
  expect((await workspace.summary()).nodeRows.map(({ commandExit }) => commandExit)).toEqual([124]);

  // With the names of the first Loads, and the time that it gave after the end.
  const old = ['run', '--test-dir', 'made/here', '--external-process-timeout', '60', '-d', '1', '--fail'];
  const inTime = await runLoads(workspace, [...old, '--', 'sh', '-c', 'sleep 2; pwd > end']);
  expect(inTime.exitCode, inTime.stdout).toBe(0);
  expect(await workspace.lines('made/here/end')).toHaveLength(1);
});

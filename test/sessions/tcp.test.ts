import { expect, test } from 'vitest';
import { startEcho } from '../support/echo.ts';
import { runLoads } from '../support/loads.ts';
import { until } from '../support/until.ts';
import { Workspace } from '../support/workspace.ts';

const LINES = `import { scenario } from '@loads/node';
scenario('say', async ({ tcp, check, env, iteration, sleep }) => {
  await sleep(20);
  const line = await tcp.connect(env.ECHO, { name: 'echo', timeout: 15_000 });
  await line.sendAll('hello ' + iteration + '\\n');
  const answer = await line.receiveUntil('\\n');
  check(answer.toString() === 'hello ' + iteration, 'is the same');
  check(/^127.0.0.1:\\d+$/.test(process.env.LOADS_PROXY_ECHO), 'knows its proxy');
});
`;

test('raw connections go through the chaos proxy, are measured, and are closed where the scenario leaves them', async () => {
  await using echo = await startEcho();
  await using workspace = await Workspace.create();
  await workspace.write('say.ts', LINES);
  await workspace.write(
    'loads.yml',
    `
scenario: ./say.ts
nodes: 2
workers: 4
duration: 12s
env: { ECHO: '${echo.address}' }
proxies:
  echo: { backend: '${echo.address}', protocol: tcp }
chaos:
  - { name: slow, at: 9s, for: 800ms, proxy: echo, behavior: delay, sleep: 150ms }
  - { name: cut, at: 10300ms, for: 500ms, proxy: echo, behavior: blackout }
thresholds:
  tcp_session_failed{phase:steady}: rate==0
  tcp_session_failed{fault:cut}: rate>0
  tcp_waiting{fault:slow}: max>=140
  tcp_sessions: count>20
  checks: rate==1
`,
  );
  const { exitCode, stdout } = await runLoads(workspace, ['run', 'loads.yml']);
  expect(exitCode, stdout).toBe(0);
  const { failures, iterations, lost, recovery = [] } = await workspace.summary();
  expect(lost).toBe(0);
  // Judged on TCP, which is all that there is.
  expect(recovery.map(({ fault }) => fault)).toEqual(['slow', 'cut']);
  for (const { requests, windows } of recovery) {
    expect(requests).toBeGreaterThan(0);
    expect(windows).toMatchObject([
      { effect: expect.stringMatching('degraded|collapsed'), detectionMs: expect.any(Number) },
    ]);
  }
  const failed = failures.reduce((sum, { count }) => sum + count, 0);
  expect(new Set(failures.map(({ failure }) => failure)).isSubsetOf(new Set(['reset', 'eof', 'refused']))).toBe(true);
  expect(iterations.map(({ failed: count }) => count)).toEqual([failed]);
  expect(echo.bytes()).toBeGreaterThanOrEqual('hello 0\n'.length * (iterations[0]?.ok ?? 0));
  await until(() => echo.open.size === 0, 'connections stay open');
});

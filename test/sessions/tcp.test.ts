import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { runLoads } from '../support/loads.ts';
import { until } from '../support/until.ts';
import { Workspace } from '../support/workspace.ts';

const LINES = `import { scenario } from '@loads/node';
scenario('say', async ({ tcp, check, env, iteration, sleep }) => {
  await sleep(20);
  const line = await tcp.connect(env.ECHO, { name: 'echo', timeout: 1500 });
  await line.sendAll('hello ' + iteration + '\\n');
  const answer = await line.receiveUntil('\\n');
  check(answer.toString() === 'hello ' + iteration, 'is the same');
  check(/^127.0.0.1:\\d+$/.test(process.env.LOADS_PROXY_ECHO), 'knows its proxy');
});
`;

type Echo = AsyncDisposable & {
  readonly address: string;
  readonly open: ReadonlySet<Socket>;
  readonly bytes: () => number;
};

async function startEcho(): Promise<Echo> {
  const open = new Set<Socket>();
  let bytes = 0;
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined).on('close', () => open.delete(socket));
    socket.on('data', (chunk) => {
      bytes += chunk.length;
      socket.write(chunk);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    open,
    bytes: () => bytes,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

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
duration: 3s
env: { ECHO: '${echo.address}' }
proxies:
  echo: { backend: '${echo.address}', protocol: tcp }
chaos:
  - { name: slow, at: 500ms, for: 800ms, proxy: echo, behavior: delay, sleep: 150ms }
  - { name: cut, at: 1800ms, for: 500ms, proxy: echo, behavior: blackout }
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
  const { failures, iterations, lost } = await workspace.summary();
  expect(lost).toBe(0);
  const failed = failures.reduce((sum, { count }) => sum + count, 0);
  expect(new Set(failures.map(({ failure }) => failure)).isSubsetOf(new Set(['reset', 'eof', 'refused']))).toBe(true);
  expect(iterations.map(({ failed: count }) => count)).toEqual([failed]);
  expect(echo.bytes()).toBeGreaterThanOrEqual('hello 0\n'.length * (iterations[0]?.ok ?? 0));
  await until(() => echo.open.size === 0, 5000, 'connections stay open');
});

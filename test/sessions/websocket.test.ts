import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { runLoads } from '../support/loads.ts';
import { until } from '../support/until.ts';
import { Workspace } from '../support/workspace.ts';

/** Each iteration leaves its connection open; the one of the worker's fixture serves all of its iterations. */
const CHAT = `import { scenario, setupSession } from '@loads/node';
setupSession(async ({ ws, vars }) => {
  vars.news = await ws.connect('/news', { name: 'news' });
});
scenario('chat', async ({ ws, check, iteration, vars, sleep }) => {
  await sleep(20);
  const socket = await ws.connect('/rooms/' + iteration, { timeout: 15_000 });
  await socket.sendJson({ n: iteration });
  const answer = await socket.waitFor((message) => message.json().n === iteration);
  check(answer.json().n === iteration, 'is answered');
  await socket.ping();
  if (iteration === 0) await vars.news.send('hello');
});
`;

type Chat = AsyncDisposable & {
  readonly url: string;
  readonly peers: readonly WebSocket[];
  /** The codes with which clients have closed, by path. */
  readonly closes: Map<string, number[]>;
  readonly messages: () => number;
};

async function startChat(): Promise<Chat> {
  const http = createServer();
  const server = new WebSocketServer({ server: http });
  const peers: WebSocket[] = [];
  const closes = new Map<string, number[]>();
  let messages = 0;
  server.on('connection', (socket, { url = '' }) => {
    peers.push(socket);
    const path = url.replace(/\d+/, ':id');
    socket.on('message', (data, isBinary) => {
      messages += 1;
      socket.send('{}');
      socket.send(data, { binary: isBinary });
    });
    socket.on('error', () => undefined);
    socket.on('close', (code) => closes.set(path, [...(closes.get(path) ?? []), code]));
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    peers,
    closes,
    messages: () => messages,
    async [Symbol.asyncDispose]() {
      for (const peer of peers) peer.terminate();
      http.close();
      await once(http, 'close');
    },
  };
}

test('chats go through the chaos proxy, are measured in each phase, and nothing stays open', async () => {
  await using chat = await startChat();
  await using workspace = await Workspace.create();
  await workspace.write('chat.ts', CHAT);
  await workspace.write(
    'loads.yml',
    `
scenario: ./chat.ts
target: ${chat.url}
nodes: 2
workers: 4
duration: 4s
recovery: 1s
proxies:
  web: { protocol: tcp }
chaos:
  - { name: slow, at: 1s, for: 800ms, proxy: web, behavior: delay, sleep: 150ms }
  - { name: cut, at: 2500ms, for: 500ms, proxy: web, behavior: blackout }
thresholds:
  ws_session_failed{phase:steady,name:WS /rooms/:id}: rate==0
  ws_session_failed{fault:cut}: rate>0
  ws_waiting{fault:slow}: max>=140
  ws_connecting: count>10
  ws_ping: count>10
  checks: rate==1
`,
  );
  const { exitCode, stdout } = await runLoads(workspace, ['run', 'loads.yml']);
  expect(exitCode, stdout).toBe(0);
  const { custom, failures, iterations, lost, requests, total } = await workspace.summary();
  const values = Object.fromEntries(custom.map(({ metric, value }) => [metric, value]));
  expect(lost).toBe(0);
  const rows = requests.map(({ name, protocol }) => `${protocol} ${name}`);
  expect(rows).toContain('ws WS /rooms/:id');
  expect(requests.every(({ protocol }) => protocol === 'ws')).toBe(true);
  // What was being opened at the end has neither gone well nor failed.
  expect(Math.abs(total.ok + total.ko - (values.ws_sessions ?? 0))).toBeLessThanOrEqual(4);
  expect(total.duration?.count).toBe(custom.find(({ metric }) => metric === 'ws_waiting')?.trend?.count);
  // What was sent while the connection was being cut may be lost on the way, with at most one for each connection.
  const failed = failures.reduce((sum, { count }) => sum + count, 0);
  expect(failed).toBeGreaterThan(0);
  expect(failures.map(({ failure }) => failure)).not.toContain('assertion');
  expect(Math.abs((values.ws_msgs_sent ?? 0) - chat.messages())).toBeLessThanOrEqual(failed + 4);
  expect(iterations[0]?.failed).toBeLessThanOrEqual(failed);
  expect(stdout).toMatch(/other protocols[\s\S]*ws_connecting +\d+ .*ms/);
  await until(() => chat.peers.every(({ readyState }) => readyState === 3), 'connections stay open');
  // The fault may have met one of each worker while it was being closed.
  const orderly = (chat.closes.get('/rooms/:id') ?? []).filter((code) => code === 1000).length;
  expect(orderly).toBeGreaterThanOrEqual((iterations[0]?.ok ?? Number.POSITIVE_INFINITY) - 4);
});

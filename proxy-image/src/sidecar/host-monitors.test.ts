import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HostSample, StatsdSample } from '@loads/core';
import { expect, test } from 'vitest';
import { askHost } from './ask-host.ts';
import { HostMonitors, hostSamples } from './host-monitors.ts';

const SAMPLE: HostSample = {
  version: 1,
  uptime: 100,
  cpu: { busy: 10, total: 100 },
  network: { in: 1000, out: 2000 },
  memory: { used: 250, total: 1000 },
  swapUsed: 0,
  load: 0.5,
  plugins: { redis: { keys: 7 } },
  refused: 0,
};
const LATER: HostSample = { ...SAMPLE, uptime: 102, cpu: { busy: 60, total: 200 }, network: { in: 1200, out: 2000 } };

function values(samples: readonly StatsdSample[]): Readonly<Record<string, number>> {
  return Object.fromEntries(samples.map(({ name, value }) => [name, value]));
}

async function serve(listener: RequestListener): Promise<{ readonly url: string } & AsyncDisposable> {
  const server: Server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const ANY = { limitMs: 60_000, signal: new AbortController().signal };

test('the first sample has what is, the second what was done since as well', () => {
  const first = { host_memory: 0.25, host_swap: 0, host_load: 0.5, host_redis_keys: 7 };
  expect(values(hostSamples('db', undefined, SAMPLE))).toEqual(first);
  expect(values(hostSamples('db', SAMPLE, LATER))).toEqual({
    ...first,
    host_cpu: 0.5,
    host_net_in: 100,
    host_net_out: 0,
  });
  expect(hostSamples('db', SAMPLE, LATER).every(({ tags }) => tags.host === 'db')).toBe(true);
});

test('what a host does not tell is left out; a plug-in cannot speak in its name', () => {
  const bare = { version: 1, uptime: 1, plugins: { net: { in: 5 }, disk: { free: 1 } }, refused: 2 } as const;
  expect(values(hostSamples('db', undefined, bare))).toEqual({ host_disk_free: 1, host_refused: 3 });
});

test('a host is asked with its token, and why it does not answer is told', async () => {
  await using server = await serve((request, response) => {
    if (request.url === '/hang/sample') return;
    if (request.url === '/moved/sample') response.writeHead(302, { Location: '/sample' }).end();
    else if (request.url === '/long/sample') response.end(`"${'x'.repeat(300_000)}"`);
    else if (request.url === '/other/sample') response.end('{"version": 1}');
    else if (request.headers.authorization !== 'Bearer right') response.writeHead(401).end();
    else response.end(JSON.stringify(SAMPLE));
  });
  const { url } = server;
  const ask = (path: string, limitMs = ANY.limitMs): ReturnType<typeof askHost> =>
    askHost({ name: 'db', url: url + path, token: 'right' }, { ...ANY, limitMs });
  expect(await ask('/')).toEqual(SAMPLE);
  expect(await askHost({ name: 'db', url, token: 'wrong' }, ANY)).toEqual({ missed: 'token' });
  for (const path of ['/moved', '/long', '/other']) expect(await ask(path)).toEqual({ missed: 'answer' });
  expect(await ask('/hang', 50)).toEqual({ missed: 'time' });
  expect(await askHost({ name: 'gone', url: 'http://127.0.0.1:1' }, ANY)).toEqual({ missed: 'connection' });
});

test('each host is watched by itself: one that is away is counted, and one that hangs ends with the watch', async () => {
  let asked = 0;
  await using server = await serve((request, response) => {
    if (request.url === '/hang/sample') return;
    asked += 1;
    response.end(JSON.stringify({ ...SAMPLE, uptime: asked, network: { in: 10 * asked, out: 0 } }));
  });
  const recorded: StatsdSample[] = [];
  const enough = Promise.withResolvers<void>();
  const record = (sample: StatsdSample): void => {
    recorded.push(sample);
    const names = recorded.map(({ name }) => name);
    if (names.includes('host_net_in') && names.includes('host_missed')) enough.resolve();
  };
  const monitors = [
    { name: 'here', url: server.url },
    { name: 'gone', url: 'http://127.0.0.1:1' },
  ];
  const quick = new HostMonitors({ monitors, record, now: () => performance.now(), everyMs: 200 });
  await enough.promise;
  await quick[Symbol.asyncDispose]();
  expect(recorded.find(({ name }) => name === 'host_net_in')).toMatchObject({ value: 10, tags: { host: 'here' } });
  expect(recorded.find(({ name }) => name === 'host_missed')?.tags).toEqual({ host: 'gone', reason: 'connection' });

  const late: StatsdSample[] = [];
  const hanging = [{ name: 'hangs', url: `${server.url}/hang` }];
  const slow = new HostMonitors({ monitors: hanging, record: (one) => late.push(one), now: () => 0, everyMs: 600_000 });
  await slow[Symbol.asyncDispose]();
  expect(late).toEqual([]);
});

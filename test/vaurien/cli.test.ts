import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VaurienClient } from '@loads/vaurien';
import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { startBackend } from './backend.ts';
import { run, start, startVaurien } from './command.ts';

const PROXY = ['--proxy', '127.0.0.1:0'];

async function statusOf(address: string, agent?: Agent): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  get(`http://${address}/`, agent ? { agent } : { agent: false }, (response) => {
    response.resume().on('end', () => resolve(response.statusCode ?? 0));
  }).on('error', reject);
  return await promise;
}

test('the command lines that its readers begin with start a proxy, and SIGTERM ends it with 0', async () => {
  for (const args of [
    ['--protocol', 'mysql', '--behavior', '5:hang', '--backend', 'localhost:3306'],
    ['--protocol', 'smtp', '--behavior', '5:error,10:delay', '--backend', 'localhost:465'],
    [
      '--protocol',
      'http',
      '--behavior',
      '20:delay,5:error',
      '--behavior-delay-sleep',
      '300ms',
      '--backend',
      'localhost:80',
    ],
  ]) {
    await using vaurien = start('vaurien', [...PROXY, ...args, '--seed', '7']);
    await vaurien.shows(
      new RegExp(`^vaurien: ${args[1]} proxy 'default' on 127\\.0\\.0\\.1:\\d+, to localhost:\\d+ \\(seed 7\\)$`, 'm'),
    );
    vaurien.kill('SIGTERM');
    expect(await vaurien.ended).toMatchObject({ exitCode: 0 });
  }
});

test.each(['ini', 'yml', 'json'])('many proxies from a .%s file', async (kind) => {
  await using backend = await startBackend();
  await using folder = await mkdtempDisposable(join(tmpdir(), 'vaurien-'));
  const texts: Record<string, string> = {
    ini: `[proxy:one]\nbackend = \${BACKEND}\nprotocol = http\nbehavior = 100:error\n[proxy:two]\nbackend = \${BACKEND}\n[behavior:error]\ncode = 502\n`,
    yml: 'proxies:\n  one: { backend: "${BACKEND}", protocol: http, behavior: error, code: 502 }\n  two: { backend: "${BACKEND}" }\n',
    json: '{"proxies": {"one": {"backend": "${BACKEND}", "protocol": "http", "behavior": "error", "code": 502}, "two": {"backend": "${BACKEND}"}}}',
  };
  await writeFile(join(folder.path, `vaurien.${kind}`), texts[kind] ?? '');
  await using vaurien = await startVaurien(['--config', `vaurien.${kind}`], {
    cwd: folder.path,
    env: { BACKEND: backend.address },
  });
  expect(await statusOf(await vaurien.proxy('one'))).toBe(502);
  expect(await statusOf(await vaurien.proxy('two'))).toBe(200);
});

test('what is wrong is told before anything runs, all of it, with 104', async () => {
  await using backend = await startBackend();
  const refusals: readonly (readonly [readonly string[], RegExp])[] = [
    [[...PROXY, '--behavior', '10:dealy'], /^error: --behavior: 'dealy' is no behavior; did you mean 'delay'\?/],
    [[...PROXY, '--behavior', '60:delay,50:error'], /^error: --behavior: The behavior total needs to be 100 or less/],
    [
      [...PROXY, '--protocol', 'htp', '--timeout', 'x'],
      /^error: --timeout: .*\nerror: --protocol: 'htp' is no protocol; did you mean 'http'\?/,
    ],
    [
      [...PROXY, '--backend', 'no.such.host.invalid:80'],
      /^error: proxy 'default': the host of no\.such\.host\.invalid:80 does not resolve/,
    ],
    [['--proxy', backend.address, '--backend', backend.address], /^error: proxy 'default' cannot listen: .*EADDRINUSE/],
    [[...PROXY, '--behavoir', 'delay'], /^error: unknown option '--behavoir'\n\(Did you mean --behavior\?\)/],
    [['--config', '/no/such.ini'], /^error: there is no file \/no\/such\.ini/],
    [
      [...PROXY, '--http', '--http-host', '0.0.0.0', '--http-port', '0'],
      /^error: the control API on 0\.0\.0\.0 .* needs a token/,
    ],
    [[...PROXY, '--plugin', './nowhere.ts'], /^error: \.\/nowhere\.ts cannot be loaded/],
  ];
  for (const [args, says] of refusals) {
    const { exitCode, stderr, stdout } = await run('vaurien', args);
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect([exitCode, stdout]).toEqual([104, '']);
  }
});

test('help and version', async () => {
  const { exitCode, stdout } = await run('vaurien', ['--help']);
  expect(exitCode).toBe(0);
  for (const flag of [
    '--statsd.sample-rate',
    '--no-behavior-delay-before',
    '--behavior-error-inject',
    '--http-port',
    '--pool-max-size',
  ]) {
    expect(stdout).toContain(flag);
  }
  expect(await run('vaurien', ['--version'])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^2\.\d+\.\d+/),
  });
  expect(await run('vaurienctl', ['--help'])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('set-behavior'),
  });
});

test('vaurienctl changes what an open connection meets', async () => {
  await using backend = await startBackend();
  await using vaurien = await startVaurien([...PROXY, '--backend', backend.address, '--protocol', 'http']);
  const address = await vaurien.proxy();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const host = ['--host', vaurien.control];
  expect(await statusOf(address, agent)).toBe(200);
  expect(await run('vaurienctl', ['set-behavior', 'error', '--code', '503', '--ttl', '1h', ...host])).toMatchObject({
    exitCode: 0,
    stdout: 'error --code 503\n',
  });
  expect(await statusOf(address, agent)).toBe(503);
  expect((await run('vaurienctl', ['get-behavior', ...host])).stdout).toBe('error --code 503\n');
  expect((await run('vaurienctl', ['reset'], { env: { VAURIEN_HOST: vaurien.control } })).stdout).toBe('dummy\n');
  expect(await statusOf(address, agent)).toBe(200);
  agent.destroy();
  expect((await run('vaurienctl', ['list-behaviors', ...host])).stdout).toMatch(
    /^abort\nblackout\ndelay\ndummy\nerror\n/,
  );
  expect(await new VaurienClient({ host: vaurien.control }).getBehavior()).toMatchObject({ version: 2 });
  for (const [args, says] of [
    [['set-behavior', 'eror', ...host], /^error: name: 'eror' is no behavior; did you mean 'error'\?/],
    [
      ['set-behavior', 'error', '--cod', '3', ...host],
      /^error: cod: 'cod' is no option of 'error'; did you mean 'code'\?/,
    ],
    [['get-behavior', '--proxy', 'db', ...host], /^error: there is no proxy 'db'/],
    [
      ['get-behavior', '--host', 'http://127.0.0.1:1'],
      /^error: no vaurien answers on http:\/\/127\.0\.0\.1:1\n {2}start it with --http/,
    ],
    [[], /^error: expected a command/],
  ] as const) {
    const refused = await run('vaurienctl', args);
    expect([refused.exitCode, refused.stderr]).toEqual([104, expect.stringMatching(says)]);
  }
});

test('SIGTERM lets a request that is under way end, and refuses new ones', async () => {
  const { promise: asked, resolve: onAsked } = Promise.withResolvers<void>();
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  await using backend = await startBackend(() => {
    onAsked();
    return held;
  });
  await using vaurien = await startVaurien([...PROXY, '--backend', backend.address, '--protocol', 'http']);
  const address = await vaurien.proxy();
  const answer = statusOf(address);
  await asked;
  vaurien.command.kill('SIGTERM');
  const [host, port] = address.split(':');
  const refused = async (): Promise<boolean> => {
    const socket = connect(Number(port), host);
    const outcome = await Promise.race([
      once(socket, 'connect').then(() => false),
      once(socket, 'error').then(() => true),
    ]).catch(() => true);
    socket.destroy();
    return outcome;
  };
  await until(refused, 'the proxy still listens');
  release();
  expect(await answer).toBe(200);
  expect(await vaurien.command.ended).toMatchObject({ exitCode: 0 });
});

test('a connection that does not end is dropped when the drain is over', async () => {
  await using backend = await startBackend();
  await using vaurien = await startVaurien([
    ...PROXY,
    '--backend',
    backend.address,
    '--behavior',
    'hang',
    '--drain-timeout',
    '100ms',
  ]);
  const answer = statusOf(await vaurien.proxy()).catch(() => 'dropped');
  const client = new VaurienClient({ host: vaurien.control });
  const connections = async (): Promise<boolean> => {
    const response = await fetch(`${vaurien.control}/connections`);
    return ((await response.json()) as { connections: unknown[] }).connections.length > 0;
  };
  expect((await client.getBehavior()).behavior).toBe('hang');
  await until(connections, 'there is no connection');
  vaurien.command.kill('SIGINT');
  expect(await answer).toBe('dropped');
  expect(await vaurien.command.ended).toMatchObject({ exitCode: 0 });
});

test('every fault is in the faults log and in statsd', async () => {
  await using backend = await startBackend();
  await using folder = await mkdtempDisposable(join(tmpdir(), 'vaurien-'));
  const log = join(folder.path, 'faults.ndjson');
  const statsd = createSocket('udp4');
  let lines = '';
  statsd.on('message', (datagram) => {
    lines += `${datagram}\n`;
  });
  statsd.bind(0, '127.0.0.1');
  await once(statsd, 'listening');
  const counting = [
    '--statsd.enabled',
    '--statsd.host',
    '127.0.0.1',
    '--statsd.port',
    String(statsd.address().port),
    '--statsd.prefix',
    'mine',
  ];
  await using vaurien = await startVaurien([
    ...PROXY,
    '--backend',
    backend.address,
    '--protocol',
    'http',
    '--behavior',
    '50:error',
    '--seed',
    '3',
    '--faults-log',
    log,
    ...counting,
  ]);
  const address = await vaurien.proxy();
  let failed = 0;
  for (let n = 0; n < 40; n++) if ((await statusOf(address)) >= 500) failed++;
  vaurien.command.kill('SIGTERM');
  expect((await vaurien.command.ended).exitCode).toBe(0);
  const faults = (await readFile(log, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly behavior: string });
  expect(failed).toBeGreaterThan(5);
  expect(failed).toBeLessThan(35);
  expect(faults).toHaveLength(failed);
  expect(faults[0]).toMatchObject({ behavior: 'error', proxy: 'default', point: 'before' });
  const sum = (name: string): number =>
    lines
      .split('\n')
      .filter((line) => line.startsWith(`${name}:`))
      .reduce((total, line) => total + Number(/:(\d+)\|c/.exec(line)?.[1]), 0);
  await until(() => sum('mine.default.start') === 40, 'statsd has not heard all');
  expect([sum('faults'), sum('mine.default.error'), sum('mine.default.end')]).toEqual([failed, failed, 40]);
  expect(lines).toContain('|#proxy:default,protocol:http,behavior:error,point:before,fault:always');
  statsd.close();
});

test('a behavior of your own has flags, and is told by the API', async () => {
  await using backend = await startBackend();
  await using folder = await mkdtempDisposable(join(tmpdir(), 'vaurien-'));
  const zod = import.meta.resolve('zod');
  const source = `import * as z from '${zod}';
export const slam = {
  name: 'slam',
  doc: 'Cuts.',
  options: z.strictObject({ hard: z.boolean().default(false).describe('by a reset') }),
  create: ({ hard }: { hard: boolean }) => ({ effect: () => ({ kind: 'cut', mode: hard ? 'rst' : 'fin' }) }),
};`;
  await writeFile(join(folder.path, 'slam.ts'), source);
  const args = [
    ...PROXY,
    '--backend',
    backend.address,
    '--protocol',
    'http',
    '--use-extension',
    './slam.ts',
    '--behavior',
    'slam',
    '--behavior-slam-hard',
  ];
  await using vaurien = await startVaurien(args, { cwd: folder.path });
  await expect(statusOf(await vaurien.proxy())).rejects.toMatchObject({ code: 'ECONNRESET' });
  const client = new VaurienClient({ host: vaurien.control });
  expect((await client.listBehaviors()).schemas.slam).toMatchObject({
    description: 'Cuts.',
    properties: { hard: { type: 'boolean' } },
  });
  expect((await run('vaurien', ['--plugin=./slam.ts', '--help'], { cwd: folder.path })).stdout).toContain(
    '--behavior-slam-hard',
  );
});

test('setting and removing faults does not wait for the load of the proxy', async () => {
  await using backend = await startBackend();
  await using vaurien = await startVaurien([
    ...PROXY,
    '--backend',
    backend.address,
    '--protocol',
    'http',
    '--log-level',
    'error',
  ]);
  const client = new VaurienClient({ host: vaurien.control });
  const address = await vaurien.proxy();
  const agent = new Agent({ keepAlive: true });
  const statuses = new Map<number, number>();
  let loading = true;
  const workers = Array.from({ length: 20 }, async () => {
    while (loading) {
      const status = await statusOf(address, agent);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  });
  const tookMs: number[] = [];
  for (let n = 0; n < 300; n++) {
    const begunMs = performance.now();
    await (n % 2 === 0 ? client.setBehavior('5:error', { code: 503 }) : client.reset());
    tookMs.push(performance.now() - begunMs);
  }
  loading = false;
  await Promise.all(workers);
  agent.destroy();
  expect(statuses.get(200)).toBeGreaterThan(1000);
  expect(statuses.get(503)).toBeGreaterThan(0);
  // How long it takes is for `npm run bench:proxy` to say.
  expect(tookMs.sort((a, b) => a - b)[150]).toBeLessThan(1000);
});

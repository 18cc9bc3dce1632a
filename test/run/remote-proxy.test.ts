import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { VaurienClient } from '@loads/vaurien';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Shop, startShop } from '../../examples/shop/service.ts';
import { type Stock, startStock } from '../../examples/shop/stock.ts';
import { runLoads, startLoads } from '../support/loads.ts';
import { until } from '../support/until.ts';
import { Workspace } from '../support/workspace.ts';
import { type RunningVaurien, startVaurien } from '../vaurien/command.ts';

const TOKEN = 'not-for-the-logs';

/** The shop, its stock, and a vaurien of its own process between the two. */
let stock: Stock;
let vaurien: RunningVaurien;
let shop: Shop;

beforeAll(async () => {
  stock = await startStock();
  const { host, port } = stock.address;
  const proxy = ['--proxy', '127.0.0.1:0', '--backend', `${host}:${port}`, '--log-level', 'error'];
  vaurien = await startVaurien([...proxy, '--token', TOKEN]);
  const [through = '', at = ''] = (await vaurien.proxy()).split(':');
  shop = await startShop({ stock: { host: through, port: Number(at) } });
});

afterAll(async () => {
  await shop?.[Symbol.asyncDispose]();
  await vaurien?.[Symbol.asyncDispose]();
  await stock?.[Symbol.asyncDispose]();
});

function config(rest: string): string {
  return `
scenario: ./visit.ts
target: ${shop.url}
nodes: 2
workers: 4
duration: 8s
recovery: 1s
gracefulStop: 3s
plugins: [./lose-it.ts]
proxies:
  stock: { control: '${vaurien.control}', token: '\${VAURIEN_TOKEN}', name: default, protocol: tcp }
  web: { protocol: http }
${rest}`;
}

const PLUGIN = `import * as z from '${import.meta.resolve('zod')}';
export const loseIt = {
  name: 'lose-it',
  doc: 'Cuts the connection.',
  options: z.strictObject({ hard: z.boolean().default(false).describe('by a reset') }),
  create: ({ hard }: { hard: boolean }) => ({ effect: () => ({ kind: 'cut', mode: hard ? 'rst' : 'fin' }) }),
};`;

async function createWorkspace(rest: string): Promise<Workspace> {
  const workspace = await Workspace.create('visit.ts');
  await workspace.write('lose-it.ts', PLUGIN);
  await workspace.write('loads.yml', config(rest));
  return workspace;
}

function client(): VaurienClient {
  return new VaurienClient({ host: vaurien.control, token: TOKEN, proxy: 'default' });
}

test('a run drives a proxy between the application and its backend, and counts its faults once', async () => {
  await using workspace = await createWorkspace(`
chaos:
  - { name: no-stock, at: 500ms, for: 3s, proxy: stock, behavior: blackout }
  - { name: lost, at: 5s, for: 2500ms, proxy: web, behavior: lose-it, hard: true, match: { operation: 'GET /items/*' } }
thresholds:
  http_req_failed{phase:steady}: rate<0.01
  http_req_failed{fault:no-stock}: rate>0.5
  http_req_failed{name:GET /items,fault:lost}: rate<0.01
`);
  const { exitCode, stdout, stderr } = await runLoads(workspace, ['run', '-v'], { VAURIEN_TOKEN: TOKEN });
  expect(exitCode, stdout + stderr).toBe(0);
  expect(stdout).toContain(`stock (default at ${vaurien.control})`);
  expect(stdout + stderr).not.toContain(TOKEN);

  const { faults, total } = await workspace.summary();
  // What the proxy itself has counted is what the run says, though two nodes ran.
  const { stats } = await client().getProxy();
  const mark = { id: expect.stringContaining('no-stock'), atMs: expect.any(Number) };
  const [there, here] = faults;
  expect(there).toEqual({
    ...{ fault: 'no-stock', proxy: 'stock', protocol: 'tcp', behavior: 'blackout', count: stats.faults },
    ...{ first: mark, last: mark },
  });
  const start = JSON.parse(await readFile(join(await workspace.run(), 'nodes/1/start.json'), 'utf8')) as {
    readonly atMs: number;
  };
  expect((there?.first?.atMs ?? 0) - start.atMs).toBeGreaterThan(450);
  expect((there?.last?.atMs ?? 0) - start.atMs).toBeLessThan(7000);
  expect(total.phases.steady?.ko).toBe(0);
  expect(total.phases.chaos?.ko).toBeGreaterThan(10);
  // A behavior of the user's own struck on the nodes, and only what it was to strike.
  expect(here).toMatchObject({ fault: 'lost', proxy: 'web', protocol: 'http', behavior: 'lose-it' });
  expect(here?.count).toBeGreaterThan(0);
  // Nothing is left there, and nobody but the user can read the token.
  expect(await client().getSchedule()).toMatchObject({ active: [], entries: [] });
  expect((await stat(join(await workspace.run(), 'run.json'))).mode & 0o077).toBe(0);
});

test('when the orchestrator is killed the faults go on with the nodes, and end with them', async () => {
  await using workspace = await createWorkspace(`
chaos:
  - { name: no-stock, at: 500ms, for: 1h, proxy: stock, behavior: blackout }
  - { name: idle, at: 500ms, for: 1s, proxy: stock, behavior: hang, match: { client: 10.0.0.1 } }
`);
  await using loads = startLoads(workspace, ['run'], { VAURIEN_TOKEN: TOKEN });
  await until(async () => (await client().getSchedule()).active.length > 0, 'the fault has not begun');
  loads.kill('SIGKILL');
  await loads.ended;
  expect((await client().getSchedule()).active).toContain('no-stock');
  await workspace.quiet(40_000);
  expect(await client().getSchedule()).toMatchObject({ active: [], entries: [] });
  const { exitCode } = await runLoads(workspace, ['attach']);
  expect(exitCode).toBe(98);
  const { reasons, faults } = await workspace.summary();
  expect(reasons).toEqual(['fault idle touched nothing on proxy stock']);
  expect(faults).toMatchObject([{ fault: 'no-stock', behavior: 'blackout', proxy: 'stock' }]);
});

test('a wrong token is told before any load', async () => {
  await using workspace = await createWorkspace('');
  const { bytesToBackend } = (await client().getProxy()).stats;
  const { exitCode, stderr } = await runLoads(workspace, ['run'], { VAURIEN_TOKEN: 'wrong' });
  expect([exitCode, stderr.match(/^error: /gm)]).toEqual([104, ['error: ']]);
  expect(stderr).toMatch(/proxy stock: http:\S+ lets nobody in: the token is wrong/);
  expect((await client().getProxy()).stats.bytesToBackend).toBe(bytesToBackend);
  await workspace.quiet(5000);
});

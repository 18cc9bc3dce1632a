import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunPlan } from '@loads/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadPlan, type PlanRequest } from './load-plan.ts';
import { overrideOf } from './overrides.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'loads-plan-'));
  await writeFile(join(dir, 'shop.ts'), '');
});
afterAll(() => rm(dir, { recursive: true }));

const nothing = { flags: [], env: {}, defaultSeed: 7 };

async function plan(text: string, request: Partial<PlanRequest> = {}): Promise<RunPlan> {
  const file = join(dir, 'loads.yml');
  await writeFile(file, text);
  return loadPlan({ ...nothing, file, ...request });
}

async function linesOf(failing: Promise<RunPlan>): Promise<readonly string[]> {
  const error = await failing.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code: 'ERR_CONFIG', exitCode: 104 });
  return error instanceof Error ? error.message.split('\n') : [];
}

test('defaults < file < environment < flags', async () => {
  const text = 'scenario: shop.ts\nworkers: 2\nduration: 2s\nnodes: 2\nenv: { A: file, B: file }\n';
  const env = { LOADS_WORKERS: '3', LOADS_DURATION: '3s' };
  const flags = [
    overrideOf(['workers'], '4', '--workers'),
    { path: ['env', 'B'], value: 'flag', origin: '--env' } as const,
  ];
  expect(await plan(text, { env, flags })).toMatchObject({
    ...{ gracefulStopMs: 30_000, seed: 7, nodes: 2, durationMs: 3000, workers: 4 },
    env: { A: 'file', B: 'flag' },
    scenario: { kind: 'script', file: join(dir, 'shop.ts') },
  });
});

test('a scenario file alone is a plan, and so is a command', async () => {
  const file = join(dir, 'shop.ts');
  expect(await loadPlan({ ...nothing, file })).toMatchObject({ name: 'shop', scenario: { kind: 'script', file } });
  expect(await loadPlan({ ...nothing, command: ['true', '-x'] })).toMatchObject({
    scenario: { kind: 'command', command: ['true', '-x'] },
  });
});

test('a command takes the place of what the file would run', async () => {
  const expected = { scenario: { kind: 'command', command: ['true'] }, nodes: 3 };
  expect(await plan('scenario: ./none.ts\nnodes: 3', { command: ['true'] })).toMatchObject(expected);
  expect(await plan('scenario: ${NONE}\nnodes: 3', { command: ['true'] })).toMatchObject(expected);
  expect(await plan('command: [false]\nnodes: 3', { command: ['true'] })).toMatchObject(expected);
});

test('every problem is told, each under the name that its user knows', async () => {
  const text = `scenario: shop.ts
nodes: 3
wrokers: 4
proxies:
  web: { protocol: http, backend: 'web:80', behavior: '5:dealy' }
thresholds:
  checks: rate>0.9
  http_reqs:
    - p(95)<1
env:
  A: [1]
`;
  const request = {
    env: { LOADS_DURATION: 'long', LOADS_NODES: 'x' },
    flags: [
      overrideOf(['nodes'], '0', '--nodes'),
      overrideOf(['target'], 'shop', '--target'),
      { path: ['env', 'B'], value: '1', origin: '--env' } as const,
    ],
  };
  const lines = await linesOf(plan(text, request));
  expect(lines.toSorted()).toEqual([
    '--nodes: expected 1 or more',
    '--target: expected an http or https URL such as http://127.0.0.1:8080',
    "LOADS_DURATION: expected a duration such as 250ms, 10s or 1h30m, got 'long'",
    'loads.yml:11:3 env.A: expected a text',
    "loads.yml:3:1 wrokers: unknown key 'wrokers'; did you mean 'workers'?",
    "loads.yml:9:7 thresholds.http_reqs[0]: http_reqs is a counter and has no 'p'; a counter has count, rate",
  ]);
});

test('what is wrong with a behavior has its place', async () => {
  const text = "scenario: shop.ts\nproxies:\n  web:\n    backend: 'web:80'\n    behavior: '5:dealy'\n";
  const [line, ...more] = await linesOf(plan(text));
  expect(line).toMatch(/^loads\.yml:5:5 proxies\.web\.behavior: .*dealy/);
  expect(more).toEqual([]);
});

test('a variable that is not set is one problem, and none when a flag stands over it', async () => {
  const text = 'scenario: shop.ts\ntarget: ${TARGET}\n';
  expect(await linesOf(plan(text))).toEqual(['loads.yml:2:1 target: the environment variable TARGET is not set']);
  const target = 'http://127.0.0.1:1';
  expect(await plan(text, { flags: [overrideOf(['target'], target, '--target')] })).toMatchObject({ target });
});

test('without a file, a problem has the name of its key', async () => {
  const flags = [overrideOf(['nodes'], '3', '--nodes'), overrideOf(['workers'], '2', '--workers')];
  const failing = loadPlan({ ...nothing, file: join(dir, 'shop.ts'), flags });
  expect(await linesOf(failing)).toEqual(['--nodes: 3 nodes need at least one worker each, and there are 2 in all']);
});

test.each([
  [{}, 'nothing to run: give a scenario file, a loads.yml, or `-- command`'],
  [{ command: [] }, 'there is no command after `--`'],
  [{ file: 'shop.ts', command: ['true'] }, 'there are two things to run: shop.ts, and what follows `--`'],
])('%j is no request', async (request, message) => {
  await expect(loadPlan({ ...nothing, ...request })).rejects.toMatchObject({ code: 'ERR_USAGE', message });
});

test('a scenario that is not there is told, with its place when a file names it', async () => {
  const none = join(dir, 'none.ts');
  const missing = { code: 'ERR_FILE_MISSING', exitCode: 104 };
  await expect(loadPlan({ ...nothing, file: none })).rejects.toMatchObject({
    ...{ ...missing, message: `there is no scenario file ${none}` },
  });
  await expect(plan('name: x\nscenario: ./none.ts')).rejects.toMatchObject({
    ...{ ...missing, message: `loads.yml:2:1 scenario: there is no scenario file ${none}` },
  });
  await expect(loadPlan({ ...nothing, file: dir })).rejects.toMatchObject({
    message: expect.stringMatching(/is no file$/),
  });
});

const PLUGIN = `import * as z from '${import.meta.resolve('zod')}';
export const loseIt = {
  name: 'lose-it',
  doc: 'Cuts.',
  options: z.strictObject({ hard: z.boolean().default(false) }),
  create: () => ({ effect: () => ({ kind: 'cut', mode: 'rst' }) }),
};`;

test('what a proxy of vaurien has, one of a run has under the same names', async () => {
  const text = `scenario: shop.ts
proxies:
  web: { backend: 'web:80', protocol: http, timeout: 5s, pool_max_size: 7, stay_connected: false,
         protocol_options: { overwrite_host_header: true }, tls_backend: true, tls_backend_server_name: shop.test,
         tls_backend_insecure: true, behavior: '5:delay', sleep: 20ms, scope: connection, match: { every: 2 } }
chaos:
  - { name: bad, at: 1s, for: 1s, proxy: web, behavior: error, code: 503, match: { header: 'X-User: ann' } }
`;
  const { proxies, schedule } = await plan(text);
  expect(proxies).toEqual([
    {
      name: 'web',
      backend: { host: 'web', port: 80 },
      protocol: 'http',
      behaviors: [expect.objectContaining({ percent: 5, behavior: 'delay' })],
      scope: 'connection',
      match: { every: 2 },
      settings: {
        protocolOptions: expect.objectContaining({ overwrite_host_header: true }),
        limits: expect.objectContaining({ connections: 7, backlog: 8192, connectMs: 5000, idleMs: 5000 }),
        backendTls: { servername: 'shop.test', rejectUnauthorized: false },
      },
    },
  ]);
  expect(schedule).toMatchObject([{ name: 'bad', match: { header: { 'x-user': 'ann' } } }]);
});

test('a behavior of your own is known once its file is loaded, and goes into the plan', async () => {
  await writeFile(join(dir, 'lose-it.ts'), PLUGIN);
  const text = `scenario: shop.ts
plugins: ./lose-it.ts
proxies: { web: { backend: 'web:80' } }
chaos: [{ at: 1s, for: 1s, proxy: web, behavior: lose-it, hard: true }]
`;
  expect(await plan(text)).toMatchObject({
    plugins: [{ source: './lose-it.ts', file: join(dir, 'lose-it.ts'), code: expect.stringContaining('lose-it') }],
    schedule: [{ behaviors: [{ behavior: 'lose-it', options: { hard: true } }] }],
  });
});

test('what is wrong with plug-ins and settings of a proxy is told with all the rest', async () => {
  const text = `scenario: shop.ts
plugins:
  - ./none.ts
  - no-such-package
  - shop.ts
proxies:
  web:
    backend: 'web:80'
    timeout: soon
    tls_backend_ca: ca.pem
    proxy: ':1'
    match: { verb: GET }
  api: { backend: 'api:80', slep: 1 }
`;
  const lines = await linesOf(plan(text));
  expect(lines).toEqual([
    expect.stringMatching(/^loads\.yml:3:5 plugins\[0\]: \.\/none\.ts cannot be loaded: Cannot find module/),
    expect.stringMatching(/^loads\.yml:4:5 plugins\[1\]: no-such-package cannot be loaded: Cannot find module/),
    expect.stringMatching(/^loads\.yml:5:5 plugins\[2\]: shop\.ts exports no behavior and no protocol; export what/),
    "loads.yml:9:5 proxies.web.timeout: expected a duration such as 250ms, 10s or 1h30m, got 'soon'",
    'loads.yml:10:5 proxies.web.tls_backend_ca: there is no file ca.pem',
    expect.stringMatching(/^loads\.yml:10:5 proxies\.web\.tls_backend_ca: needs `tls_backend`/),
    expect.stringMatching(/^loads\.yml:11:5 proxies\.web\.proxy: a proxy of a node listens on a free port/),
    'loads.yml:12:5 proxies.web.match: Unrecognized key: "verb"',
    expect.stringMatching(/^loads\.yml:13:29 proxies\.api\.slep: 'slep' is no option of 'dummy'/),
  ]);
});

test('a proxy that stands elsewhere has a control, and its entries go to it as they were written', async () => {
  const text = `scenario: shop.ts
proxies:
  db: { control: 'http://chaos:8080', token: '\${VAURIEN_TOKEN}', name: stock }
chaos:
  - { at: 1s, for: 500ms, proxy: db, behavior: '50:error', code: 1205, match: { every: 2 } }
`;
  expect(await plan(text, { env: { VAURIEN_TOKEN: 'secret' } })).toMatchObject({
    proxies: [],
    remotes: [
      {
        ...{ name: 'db', control: 'http://chaos:8080', token: 'secret', remoteName: 'stock', protocol: undefined },
        entries: [
          { name: 'chaos-1', at: '1000ms', for: '500ms', behavior: '50:error', code: 1205, match: { every: 2 } },
        ],
      },
    ],
    schedule: [{ name: 'chaos-1', proxy: 'db', atMs: 1000, forMs: 500, match: { every: 2 } }],
  });
});

test('what is wrong with a proxy that stands elsewhere', async () => {
  const text = `scenario: shop.ts
proxies:
  a: { control: 'chaos:8080', tokn: x }
  b: { control: 'http://user:secret@chaos:8080', protocol: htp, behavior: delay }
  c: { control: 'http://chaos:8080', token: '' }
`;
  const lines = await linesOf(plan(text));
  expect(lines).toEqual([
    "loads.yml:3:31 proxies.a.tokn: 'tokn' is none of its keys; did you mean 'token'?",
    'loads.yml:3:8 proxies.a.control: expected the URL of a control API such as http://127.0.0.1:8080',
    expect.stringMatching(/^loads\.yml:4:50 proxies\.b\.protocol: 'htp' is no protocol; did you mean 'http'/),
    expect.stringMatching(
      /^loads\.yml:4:65 proxies\.b\.behavior: 'behavior' is none of its keys; a proxy with a `control`/,
    ),
    'loads.yml:4:8 proxies.b.control: a secret does not belong into the URL: say it as `token`',
    'loads.yml:5:38 proxies.c.token: expected a text that is not empty',
  ]);
  expect(lines.join()).not.toContain('secret@');
});

/** Stands in for the process that loads the scenario file. */
function declares(options: Readonly<Record<string, unknown>>): NonNullable<PlanRequest['inspect']> {
  const scenarios = [
    { name: 'read', weight: 1 },
    { name: 'write', weight: 1 },
  ];
  return () => Promise.resolve({ scenarios, setup: false, teardown: false, options });
}

test('the options of the scenario file stand over the configuration, and under environment and flags', async () => {
  const inspect = declares({ workers: 3, duration: '3s', env: { B: 'options' }, thresholds: { checks: 'rate>0.5' } });
  const text = 'scenario: shop.ts\nworkers: 2\nstages: [{ for: 1s, workers: 9 }]\nenv: { A: file, B: file }\n';
  const request = { inspect, env: { LOADS_WORKERS: '4' } };
  expect(await plan(text, request)).toMatchObject({
    ...{ workers: 4, durationMs: 3000, env: { A: 'file', B: 'options' } },
    thresholds: [{ metric: 'checks' }],
  });
  expect(await plan(text, { ...request, flags: [overrideOf(['workers'], '5', '-w')] })).toMatchObject({ workers: 5 });
});

test('a problem of the options is told with their name and its own path', async () => {
  const inspect = declares({
    stages: [
      { for: '1s', workers: 1 },
      { for: 'soon', workers: 1 },
    ],
    command: ['x'],
  });
  expect(await linesOf(plan('scenario: shop.ts', { inspect }))).toEqual(
    expect.arrayContaining([
      "shop.ts options.stages[1].for: expected a duration such as 250ms, 10s or 1h30m, got 'soon'",
      'shop.ts options.command: the options of a scenario file cannot say what is loaded',
    ]),
  );
});

test('scenarios that the file does not declare are told, with their place', async () => {
  const text = 'scenario: shop.ts\nscenarios:\n  raed: { workers: 1 }\n  write: { rate: 5/s }\n';
  expect(await linesOf(plan(text, { inspect: declares({}) }))).toEqual([
    "loads.yml:3:3 scenarios.raed: there is no scenario 'raed'; did you mean 'read'?",
  ]);
  const flags = [overrideOf(['singleMode'], 'buy', '--single-mode')];
  expect(await linesOf(plan('scenario: shop.ts', { inspect: declares({}), flags }))).toEqual([
    "--single-mode: there is no scenario 'buy'; there are read, write",
  ]);
});

test('what is wrong with the configuration is told before what is wrong with the scenario file', async () => {
  const inspect = (): Promise<never> => Promise.reject(new Error('cannot be loaded'));
  expect(await linesOf(plan('scenario: shop.ts\nworkers: 0', { inspect }))).toHaveLength(1);
  await expect(plan('scenario: shop.ts', { inspect })).rejects.toThrow('cannot be loaded');
});

test('extensions are paths from the file, or packages', async () => {
  const text = 'scenario: shop.ts\nextensions: [./more.ts, listeners.mjs, "@acme/loads"]\n';
  expect((await plan(text)).extensions).toEqual([join(dir, 'more.ts'), join(dir, 'listeners.mjs'), '@acme/loads']);
});

test('load, faults and what has to hold stand in one file', async () => {
  const text = `
name: shop
scenario: ./shop.ts
target: http://shop:8080
nodes: 3
stages: [{ for: 30s, workers: 50 }, { for: 2m, workers: 50 }]
proxies:
  web: { backend: shop:8080, protocol: http }
  db:  { control: http://vaurien-db:8080, token: \${VAURIEN_TOKEN} }
chaos:
  - { name: slow-db, at: 40s, for: 20s, proxy: db, behavior: 20:delay, sleep: 300ms }
  - { name: db-down, at: 80s, for: 15s, proxy: db, behavior: 100:blackout }
thresholds:
  http_req_duration{phase:steady}: [p(99)<250]
  http_req_failed{fault:slow-db}: [rate<0.01]
  http_req_failed{phase:recovery}: [{ threshold: rate<0.001, abortOnFail: true, delayAbortEval: 10s }]
  recovery_time{fault:db-down}: [max<5s]
`;
  expect(await plan(text, { env: { VAURIEN_TOKEN: 'secret' } })).toMatchObject({
    ...{ name: 'shop', nodes: 3, durationMs: 150_000, workers: 50 },
    proxies: [{ name: 'web', protocol: 'http' }],
    remotes: [{ name: 'db', token: 'secret', entries: [{ name: 'slow-db', sleep: '300ms' }, { name: 'db-down' }] }],
    schedule: [
      { name: 'slow-db', atMs: 40_000, forMs: 20_000 },
      { name: 'db-down', atMs: 80_000, forMs: 15_000 },
    ],
    thresholds: [
      { metric: 'http_req_duration', limit: 250 },
      { metric: 'http_req_failed', tags: { fault: 'slow-db' } },
      { tags: { phase: 'recovery' }, abortOnFail: true, delayAbortEvalMs: 10_000 },
      { metric: 'recovery_time', tags: { fault: 'db-down' }, limit: 5000 },
    ],
  });
});

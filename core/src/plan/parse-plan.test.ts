import { expect, test } from 'vitest';
import { configJsonSchema, type FaultCatalog } from './config-schema.ts';
import { addressOfUrl, parsePlan } from './parse-plan.ts';
import { formatPath } from './problem.ts';
import { deadlineOf, LONGEST_RUN_MS, proxyVariable, type RunPlan } from './run-plan.ts';

/** Knows one behavior, `delay`, with one option, `sleep`. */
const catalog: FaultCatalog = {
  protocols: ['tcp', 'http'],
  parse(spec, options) {
    const unknown = Object.keys(options).filter((key) => key !== 'sleep' && key !== 'scope');
    const problems = [
      ...(spec === 'delay' || spec === 'dummy' ? [] : [{ path: ['behavior'], message: `no behavior '${spec}'` }]),
      ...unknown.map((key) => ({ path: [key], message: `no option '${key}'` })),
    ];
    if (problems.length > 0) return { problems };
    const { scope: _, ...rest } = options;
    const behaviors = [{ percent: 100, behavior: spec, options: rest }];
    return options.scope === 'connection' ? { behaviors, scope: options.scope } : { behaviors };
  },
  proxy({ timeout, ...rest }) {
    if (timeout === undefined) return { settings: undefined, rest, problems: [] };
    const problems = typeof timeout === 'number' ? [] : [{ path: ['timeout'], message: 'no timeout' }];
    return { settings: { limits: { connectMs: Number(timeout) } }, rest, problems };
  },
};
const context = { catalog, defaultSeed: 42 };

function plan(config: unknown): RunPlan {
  const parsed = parsePlan(config, context);
  if ('problems' in parsed) throw new Error(`Expected a plan, got ${JSON.stringify(parsed.problems)}`);
  return parsed.plan;
}

/** Every problem as `path: message`. */
function problems(config: unknown): readonly string[] {
  const parsed = parsePlan(config, context);
  return 'problems' in parsed ? parsed.problems.map(({ path, message }) => `${formatPath(path)}: ${message}`) : [];
}

test('the least that a run needs is a scenario; all else has a default', () => {
  expect(plan({ scenario: 'load/my shop.ts' })).toEqual({
    version: 1,
    name: 'my-shop',
    scenario: { kind: 'script', file: 'load/my shop.ts' },
    target: undefined,
    nodes: 1,
    workers: 1,
    durationMs: 60_000,
    gracefulStopMs: 30_000,
    recoveryMs: 10_000,
    seed: 42,
    env: {},
    proxies: [],
    schedule: [],
    thresholds: [],
    influx: undefined,
  });
});

test('a full configuration becomes a plan in ms and addresses', () => {
  const made = plan({
    scenario: 'shop.ts',
    name: 'checkout',
    target: 'http://shop:8080/base',
    nodes: 2,
    workers: 10,
    duration: '1m30s',
    gracefulStop: 5,
    recovery: '250ms',
    seed: 7,
    env: { SIZE: 3, DEBUG: true },
    proxies: { web: { protocol: 'http' }, stock: { backend: 'db:5432', behavior: 'delay', sleep: '1s' } },
    chaos: [{ at: '10s', for: '5s', proxy: 'web', behavior: 'delay' }],
    thresholds: { http_reqs: 'count>10', 'http_req_duration{phase:steady}': ['p(95)<300', 'avg<100'] },
    influx: { url: 'http://127.0.0.1:8086' },
  });
  expect(made).toMatchObject({
    name: 'checkout',
    durationMs: 90_000,
    gracefulStopMs: 5000,
    recoveryMs: 250,
    seed: 7,
    env: { SIZE: '3', DEBUG: 'true' },
    schedule: [{ name: 'chaos-1', proxy: 'web', atMs: 10_000, forMs: 5000 }],
    influx: { url: 'http://127.0.0.1:8086', bucket: 'loads', org: '', token: '' },
  });
  expect(made.proxies).toEqual([
    { name: 'web', backend: { host: 'shop', port: 8080 }, protocol: 'http', behaviors: [behavior('dummy')] },
    {
      name: 'stock',
      backend: { host: 'db', port: 5432 },
      protocol: 'tcp',
      behaviors: [behavior('delay', { sleep: '1s' })],
    },
  ]);
  expect(made.thresholds.map(({ selector, expression }) => `${selector} ${expression}`)).toEqual([
    'http_reqs count>10',
    'http_req_duration{phase:steady} p(95)<300',
    'http_req_duration{phase:steady} avg<100',
  ]);
  expect(deadlineOf(made)).toBe(95_000);
});

test('a command has so much time, and so much after the duration', () => {
  const timed = plan({ command: ['x'], duration: 60, commandTimeout: '90s', commandOvertime: 2 });
  expect(timed.scenario).toEqual({ kind: 'command', command: ['x'], timeoutMs: 90_000, overtimeMs: 2000 });
  expect(deadlineOf(timed)).toBe(60_000 + 2000 + timed.gracefulStopMs);
  expect(problems({ command: ['x'], commandOvertime: 2 })).toEqual([
    expect.stringContaining('commandOvertime: counts from the end of a `duration`'),
  ]);
  expect(problems({ scenario: 'a.ts', commandTimeout: 2, commandOvertime: 2 })).toEqual([
    expect.stringContaining('commandTimeout: is for a `command`'),
    expect.stringContaining('commandOvertime: is for a `command`'),
  ]);
});

test('a command is one program on each node, for as long as it takes unless the run has a duration', () => {
  const open = plan({ command: ['./load.sh', '-v'], nodes: 3 });
  expect(open).toMatchObject({ name: 'load', durationMs: null, workers: 3 });
  expect(open.scenario).toEqual({ kind: 'command', command: ['./load.sh', '-v'] });
  expect(deadlineOf(open)).toBe(LONGEST_RUN_MS + 30_000);
  expect(plan({ command: ['x'], duration: '5s' }).durationMs).toBe(5000);
  expect(problems({ command: ['x'], workers: 50 })).toEqual([expect.stringContaining('say `nodes` instead')]);
  // It may be long before a fault of an open-ended run is due.
  expect(
    plan({ command: ['x'], target: 'http://a', proxies: { web: {} }, chaos: [entry({ at: '2h' })] }),
  ).toBeDefined();
});

test('all problems are told at once: in the keys by themselves, and between those that are sound', () => {
  expect(
    problems({
      scenario: 'shop.ts',
      wrokers: 5,
      nodes: 0,
      gracefulStop: 'soon',
      influx: { url: 'ftp://x', buket: 'b' },
      proxies: { web: { protocol: 'htpp' }, db: { backend: 'nowhere' } },
      chaos: [entry({ proxy: 'wep', colour: 'red' }), entry({ behavior: 'explode', at: '2m' })],
      thresholds: { http_reqs: ['p(95)<300', 'count>10'] },
    }),
  ).toEqual([
    'nodes: expected 1 or more',
    "gracefulStop: expected a duration such as 250ms, 10s or 1h30m, got 'soon'",
    'influx.url: expected an http or https URL',
    "influx.buket: unknown key 'buket'; did you mean 'bucket'?",
    "wrokers: unknown key 'wrokers'; did you mean 'workers'?",
    "proxies.web.protocol: 'htpp' is no protocol; did you mean 'http'? (there are tcp, http)",
    'proxies.web: needs a `backend`, or a `target` of the run to forward to',
    "proxies.db.backend: expected host:port, got 'nowhere'",
    "chaos[0].proxy: there is no proxy 'wep'; did you mean 'web'?",
    "chaos[0].colour: no option 'colour'",
    'chaos[1].at: begins when the run has ended',
    "chaos[1].behavior: no behavior 'explode'",
    "thresholds.http_reqs[0]: http_reqs is a counter and has no 'p'; a counter has count, rate",
  ]);
});

test.each<[string, object, readonly string[]]>([
  ['no scenario', {}, [': names no `scenario` (a file) and no `command` (a program)']],
  ['two of them', { scenario: 'a', command: ['b'] }, ['command: `scenario` and `command` exclude each other']],
  ['an empty command', { command: [] }, ['command: expected a program and its arguments']],
  [
    'too few workers',
    { scenario: 'a', nodes: 3, workers: 2 },
    ['nodes: 3 nodes need at least one worker each, and there are 2 in all'],
  ],
  [
    'a fault named twice',
    {
      scenario: 'a',
      target: 'http://a',
      proxies: { web: {} },
      chaos: [entry({ name: 'slow' }), entry({ name: 'slow' })],
    },
    ["chaos[1].name: 'slow' is used twice"],
  ],
  [
    'a name that a fault tag could not carry',
    { scenario: 'a', name: 'a+b' },
    ['name: expected a name of letters, digits, `_`, `-` and `.`, that begins with a letter'],
  ],
  [
    'a proxy without a good name',
    { scenario: 'a', target: 'http://a', proxies: { '1x': {} } },
    ['proxies.1x: expected a name of letters, digits, `_`, `-` and `.`, that begins with a letter'],
  ],
  [
    'a threshold that is none',
    { scenario: 'a', thresholds: { constructor: 'fast' } },
    ["thresholds.constructor[0]: 'fast' is no threshold; write it like `p(95)<300` or `rate<0.01`"],
  ],
  [
    'no list and no text',
    { scenario: 'a', thresholds: { http_reqs: 5 } },
    ['thresholds.http_reqs: expected a condition such as `p(95)<300`, or `{ threshold, abortOnFail, delayAbortEval }`'],
  ],
  ['no object', ['scenario'], [': Invalid input: expected object, received array']],
])('%s', (_, config, told) => {
  expect(problems(config)).toEqual(told);
});

// What is wrong in one key must not be blamed on another.
test.each([
  ['target', { target: 'shop', proxies: { web: {} }, chaos: [entry()] }],
  ['duration', { duration: 'long', target: 'http://a', proxies: { web: {} }, chaos: [entry({ at: '5m' })] }],
  ['proxies', { proxies: { web: 5 }, chaos: [entry()] }],
  ['nodes', { nodes: 'two', workers: 1 }],
  ['workers', { workers: -3, nodes: 2 }],
  ['scenario', { scenario: 7 }],
  ['command', { scenario: undefined, command: 'a b' }],
])('a broken %s is told once', (key, config) => {
  const told = problems({ scenario: 'a', ...config });
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(new RegExp(`^${key}`));
});

test('every key of the schema is suggested for what is almost it', () => {
  const { properties } = configJsonSchema() as { properties: Record<string, { properties?: object }> };
  for (const key of Object.keys(properties)) {
    expect(problems({ [`${key}x`]: 1 })[0]).toBe(`${key}x: unknown key '${key}x'; did you mean '${key}'?`);
  }
  for (const key of Object.keys(properties.influx?.properties ?? {})) {
    const told = problems({ scenario: 'a', influx: { url: 'http://a', [`${key}x`]: 1 } });
    expect(told).toEqual([`influx.${key}x: unknown key '${key}x'; did you mean '${key}'?`]);
  }
});

test('the requests of a URL go to its host and port', () => {
  expect(addressOfUrl('http://shop/x')).toEqual({ host: 'shop', port: 80 });
  expect(addressOfUrl('https://shop')).toEqual({ host: 'shop', port: 443 });
  expect(addressOfUrl('http://[::1]:8080')).toEqual({ host: '::1', port: 8080 });
});

test('the address of a proxy has its own environment variable', () => {
  expect(proxyVariable('web-api.v2')).toBe('LOADS_PROXY_WEB_API_V2');
});

function entry(change: object = {}): object {
  return { at: '1s', for: '1s', proxy: 'web', behavior: 'delay', ...change };
}

function behavior(name: string, options: object = {}): object {
  return { percent: 100, behavior: name, options };
}

test('a proxy has settings of its own, and what its behaviors may hit', () => {
  const web = { backend: 'web:80', behavior: 'delay', sleep: 1, timeout: 5, scope: 'connection' };
  const chaos = [{ at: 1, for: 1, proxy: 'web', behavior: 'delay', scope: 'connection' }];
  expect(plan({ scenario: 'shop.ts', proxies: { web }, chaos })).toMatchObject({
    proxies: [
      {
        settings: { limits: { connectMs: 5 } },
        scope: 'connection',
        behaviors: [{ behavior: 'delay', options: { sleep: 1 } }],
      },
    ],
    schedule: [{ name: 'chaos-1', scope: 'connection' }],
  });
  const wrong = { scenario: 'shop.ts', proxies: { web: { ...web, timeout: 'x', slep: 1 } } };
  expect(problems(wrong)).toEqual(['proxies.web.timeout: no timeout', "proxies.web.slep: no option 'slep'"]);
});

test('a proxy that stands elsewhere needs no backend, and gets its entries in the form of its API', () => {
  const db = { control: 'http://chaos:8080', token: 'secret', protocol: 'http' };
  const chaos = [
    { at: '1s', for: '1m', proxy: 'db', behavior: 'delay', sleep: '20ms' },
    { name: 'mine', at: 0, for: 1, proxy: 'web', behavior: 'delay' },
    { name: 'late', at: 2, for: 1, proxy: 'db', behavior: 'delay' },
  ];
  const made = plan({ scenario: 'shop.ts', proxies: { db, web: { backend: 'web:80' } }, chaos });
  expect(made.proxies.map(({ name }) => name)).toEqual(['web']);
  expect(made.remotes).toEqual([
    {
      ...{ name: 'db', remoteName: 'db', control: 'http://chaos:8080', token: 'secret', protocol: 'http' },
      entries: [
        { name: 'chaos-1', at: '1000ms', for: '60000ms', behavior: 'delay', sleep: '20ms' },
        { name: 'late', at: '2000ms', for: '1000ms', behavior: 'delay' },
      ],
    },
  ]);
  // The phases of all nodes follow the same schedule.
  expect(made.schedule.map(({ name, proxy }) => [name, proxy])).toEqual([
    ['chaos-1', 'db'],
    ['mine', 'web'],
    ['late', 'db'],
  ]);
});

test('a busy wait is for arrivals', () => {
  expect(plan({ scenario: 'a.ts', rate: 5, busyWait: true })).toMatchObject({ busyWait: true });
  expect(plan({ scenario: 'a.ts', scenarios: { a: { rate: 5, duration: '1s' } }, busyWait: true })).toMatchObject({
    busyWait: true,
  });
  expect(plan({ scenario: 'a.ts', rate: 5 })).not.toHaveProperty('busyWait');
  expect(problems({ scenario: 'a.ts', busyWait: true })).toEqual(['busyWait: needs a `rate`']);
});

import { expect, test } from 'vitest';
import { givenBy, Program } from '../cli/program.ts';
import type { Environment } from './config-text.ts';
import { GivenValues } from './given.ts';
import { readIniConfig } from './ini-config.ts';
import { readSettings, type Settings } from './settings.ts';
import { readYamlConfig } from './yaml-config.ts';

type Told = {
  readonly ini?: string;
  readonly yaml?: string;
  readonly env?: Environment;
  readonly args?: readonly string[];
};

function read({ ini, yaml, env = {}, args = [] }: Told): ReturnType<typeof readSettings> {
  const text = ini === undefined ? readYamlConfig(yaml ?? '', 'v.yml', env) : readIniConfig(ini, 'v.ini', env);
  expect(text.problems).toEqual([]);
  const program = new Program('2.0');
  program.command.configureOutput({ writeErr: () => undefined });
  program.command.parse(args, { from: 'user' });
  return readSettings(new GivenValues(text.given, givenBy(env), program.given));
}

function settings(told: Told): Settings {
  const found = read(told);
  if ('problems' in found) throw new Error(found.problems.join('\n'));
  return found;
}

function problems(told: Told): readonly string[] {
  const found = read(told);
  return 'problems' in found ? found.problems : [];
}

test('told nothing, it is what the ancestor was', () => {
  expect(settings({})).toMatchObject({
    process: {
      http: false,
      http_port: 8080,
      log_level: 'info',
      statsd: { enabled: false, port: 8125, prefix: 'vaurien' },
    },
    proxies: [
      {
        name: 'default',
        listen: { host: 'localhost', port: 8000 },
        backend: { host: 'localhost', port: 80 },
        protocol: 'tcp',
        limits: { connections: undefined, backlog: 8192, connectMs: 30_000, idleMs: undefined },
        standing: undefined,
      },
    ],
    ignored: [],
  });
});

// Each row is told everything that its name says; what wins is the timeout in seconds.
test.each([
  ['default', {}, 30],
  ['file', { file: 1 }, 1],
  ['file < env', { file: 1, env: 2 }, 2],
  ['file < env < flag', { file: 1, env: 2, flag: 3 }, 3],
  ['file < flag', { file: 1, flag: 3 }, 3],
  ['env < flag', { env: 2, flag: 3 }, 3],
  ['env', { env: 2 }, 2],
  ['flag', { flag: 3 }, 3],
])('precedence: %s', (_, { file, env, flag }: { file?: number; env?: number; flag?: number }, seconds) => {
  for (const kind of ['ini', 'yaml'] as const) {
    const text = kind === 'ini' ? `[vaurien]\ntimeout = ${file}` : `timeout: ${file}`;
    const told = {
      ...(file === undefined ? {} : { [kind]: text }),
      env: env === undefined ? {} : { VAURIEN_TIMEOUT: String(env) },
      args: flag === undefined ? [] : ['--timeout', String(flag)],
    };
    expect(settings(told).proxies[0]?.limits.connectMs).toBe(seconds * 1000);
  }
});

test('the ini file of the ancestor', () => {
  const ini = [
    '[vaurien]',
    'proxy = 0.0.0.0:3307',
    'backend = "localhost:3306"',
    'protocol = http',
    'behavior = 20:delay,5.5:error',
    'stay_connected = no',
    'pool_max_size = 7',
    'http = 1',
    '[statsd]',
    'enabled = True',
    'prefix = ${PREFIX}',
    'sample_rate = 0.5',
    '[behavior:delay]',
    'sleep = 2',
    '[behavior:error]',
    'code = 503',
  ].join('\n');
  expect(settings({ ini, env: { PREFIX: 'mine' } })).toMatchObject({
    process: { http: true, statsd: { enabled: true, prefix: 'mine', sample_rate: 0.5 } },
    proxies: [
      {
        listen: { host: '0.0.0.0', port: 3307 },
        limits: { connections: 7, idleMs: 30_000 },
        standing: {
          behaviors: [
            { percent: 20, behavior: 'delay', options: { sleep: 2000 } },
            { percent: 5.5, behavior: 'error', options: { code: 503 } },
          ],
        },
      },
    ],
  });
});

const MANY = `
timeout: 5
behaviors: { error: { code: 502 } }
proxies:
  web: { backend: 'localhost:80', protocol: http, behavior: 'error', proxy: '127.0.0.1:8001' }
  db:
    backend: unix:/run/db.sock
    timeout: 250ms
    behavior: 10:delay
    sleep: 300ms
    match: { every: 2 }
    schedule:
      - { name: down, at: 10s, for: 5s, behavior: hang, max: 1s }
`;

test('many proxies, which share what the top level says', () => {
  expect(settings({ yaml: MANY }).proxies).toMatchObject([
    { name: 'web', limits: { connectMs: 5000 }, standing: { behaviors: [{ options: { code: 502 } }] } },
    {
      name: 'db',
      backend: { path: '/run/db.sock' },
      limits: { connectMs: 250 },
      standing: { match: { every: 2 }, behaviors: [{ percent: 10, options: { sleep: 300 } }] },
      schedule: [{ name: 'down', atMs: 10_000, forMs: 5000, behaviors: [{ options: { max: 1000 } }] }],
    },
  ]);
});

test('a proxy of the top level stands beside the named ones', () => {
  expect(settings({ yaml: MANY, args: ['--backend', 'localhost:81'] }).proxies.map(({ name }) => name)).toEqual([
    'default',
    'web',
    'db',
  ]);
});

test('flags of behaviors, with and without `no`', () => {
  const args = [
    '--behavior',
    '10:delay,10:error',
    '--behavior-delay-sleep',
    '300ms',
    '--no-behavior-delay-before',
    '--behavior-error-inject',
  ];
  expect(settings({ args }).proxies[0]?.standing?.behaviors).toMatchObject([
    { options: { sleep: 300, before: false } },
    { options: { inject: true } },
  ]);
  expect(settings({ args: [...args, '50'] }).proxies[0]?.standing?.behaviors[1]?.options.inject).toBe(50);
});

test('variables name the same options', () => {
  const env = {
    VAURIEN_BEHAVIOR: 'delay',
    VAURIEN_BEHAVIOR_DELAY_SLEEP: '2',
    VAURIEN_STATSD_SAMPLE_RATE: '0.1',
    VAURIEN_HTTP: '1',
    VAURIEN_TOKEN: '123',
    VAURIEN_PROTOCOL: '',
  };
  expect(settings({ env })).toMatchObject({
    process: { http: true, token: '123', statsd: { sample_rate: 0.1 } },
    proxies: [{ protocol: 'tcp', standing: { behaviors: [{ options: { sleep: 2000 } }] } }],
  });
});

test('what the ancestor had and nothing needs is taken and told', () => {
  const { ignored } = settings({ args: ['--sync'] });
  expect(ignored).toEqual([expect.stringContaining('sync')]);
});

test('what the ancestor said of sockets reaches the proxy', () => {
  const { proxies } = settings({
    args: [
      ...['--bufsize', '8192', '--pool-timeout', '5', '--pool-max-size', '7', '--protocol', 'http'],
      ...['--protocol-http-reuse-socket', '--no-protocol-http-keep-alive', '--protocol-http-overwrite-host-header'],
      ...['--protocol-http-buffer', '8124', '--protocol-mysql-reuse-socket', '--protocol-smtp-buffer', '100'],
    ],
  });
  expect(proxies).toMatchObject([
    {
      limits: { connections: 7, pieceBytes: 8192, poolMs: 5000 },
      protocolOptions: { reuse_socket: true, keep_alive: false, overwrite_host_header: true, buffer: 8124 },
    },
  ]);
});

test('all problems are told at once, each with its place', () => {
  const yaml = [
    'timeout: soon',
    'tiemout: 3',
    'behaviors:',
    '  dealy: { sleep: 1 }',
    '  error: { cod: 3, warmup: -1 }',
    'proxies:',
    '  web: { protocol: htp, behavior: "60:delay,50:error" }',
    '  db: { backend: nowhere, sleep: 1 }',
    '  bad: 7',
  ].join('\n');
  const env = { VAURIEN_HTTP_PORT: '99999' };
  expect(problems({ yaml, env, args: ['--statsd.port', 'x', '--tls-cert', 'a.pem'] })).toEqual([
    "v.yml:2:1 tiemout: 'tiemout' is no key; did you mean 'timeout'?",
    'VAURIEN_HTTP_PORT: expected a port',
    expect.stringMatching(/^--statsd\.port: expected a port/),
    expect.stringMatching(/^v\.yml:4:3 behaviors\.dealy: 'dealy' is no behavior; did you mean 'delay'\?/),
    expect.stringMatching(/^v\.yml:5:12 behaviors\.error\.cod: 'cod' is no option of 'error'; did you mean 'code'\?/),
    expect.stringMatching(/^v\.yml:5:20 behaviors\.error\.warmup: .*>=0/),
    expect.stringMatching(/^v\.yml:9:3 proxies\.bad: expected keys/),
    expect.stringMatching(/^v\.yml:7:3 proxies\.web\.backend: expected host:port/),
    expect.stringMatching(/^v\.yml:1:1 timeout: expected a duration/),
    expect.stringMatching(/^v\.yml:7:10 proxies\.web\.protocol: 'htp' is no protocol; did you mean 'http'\?/),
    expect.stringMatching(/^v\.yml:7:25 proxies\.web\.behavior: The behavior total needs to be 100 or less/),
    '--tls-cert: needs `tls_key` too',
    '--tls-cert: there is no file a.pem',
    expect.stringMatching(/^v\.yml:8:9 proxies\.db\.backend: expected host:port or unix:\/path, got 'nowhere'/),
    expect.stringMatching(/^v\.yml:8:27 proxies\.db\.sleep: 'sleep' is no option of 'dummy'/),
  ]);
});

test('a problem of a flag names the flag, and one of an ini file its line', () => {
  expect(problems({ args: ['--behavior', '10:dealy'] })).toEqual([
    expect.stringMatching(/^--behavior: 'dealy' is no behavior; did you mean 'delay'\?/),
  ]);
  const ini = '[vaurien]\n\nprotocol = htp\n[behavior:delay]\nsleep = soon';
  expect(problems({ ini })).toEqual([
    expect.stringMatching(/^v\.ini:5 behaviors\.delay\.sleep: expected a duration/),
    expect.stringMatching(/^v\.ini:3 protocol: 'htp' is no protocol/),
  ]);
});

const SCHEDULED = `
[vaurien]
backend = localhost:80
protocol = http
match_header =
  x-user: ann
  X-Tier: gold

[proxy:cache]
backend = localhost:6379
protocol = redis
stay_connected = no
match_operation = SET
match.every = 3

[schedule:down]
at = 10m
for = 30
behavior = blackout
mode = fin

[schedule:slow]
proxy = cache
at = 1m
for = 10s
behavior = 20:delay
sleep = 2
before = no
match_operation = GET
scope = connection
`;

test('an ini file has a section for each entry of a schedule, and what it selects beside it', () => {
  const [web, cache] = settings({ ini: SCHEDULED }).proxies;
  expect(web).toMatchObject({
    name: 'default',
    standing: { match: { header: { 'x-user': 'ann', 'x-tier': 'gold' } } },
    schedule: [{ name: 'down', atMs: 600_000, forMs: 30_000, behaviors: [{ options: { mode: 'fin' } }] }],
  });
  expect(cache).toMatchObject({
    limits: { idleMs: 30_000 },
    standing: { match: { operation: 'SET', every: 3 } },
    schedule: [
      {
        ...{ name: 'slow', atMs: 60_000, scope: 'connection', match: { operation: 'GET' } },
        behaviors: [{ percent: 20, behavior: 'delay', options: { sleep: 2000, before: false } }],
      },
    ],
  });
});

test('what is wrong in the sections of a schedule is told with its line', () => {
  const ini = [
    ...['[proxy:a]', 'backend = :1', '[proxy:b]', 'backend = :2'],
    ...['[schedule:x]', 'at = 1', 'for = 2', 'behavior = delay'],
    ...['[schedule:y]', 'proxy = c', 'at = 1', 'for = 2', 'behavior = delay'],
    ...['[schedule:z]', 'proxy = b', 'at = soon', 'behavior = 200:delay', 'slep = 1', 'match_verb = GET'],
  ].join('\n');
  expect(problems({ ini })).toEqual([
    'v.ini:6 schedule.x.proxy: needs `proxy`, which of a, b is meant',
    "v.ini:10 schedule.y.proxy: there is no proxy 'c'; did you mean 'a'?",
    "v.ini:16 schedule.z.at: expected a duration such as 250ms, 10s or 1h30m, got 'soon'",
    expect.stringMatching(/^v\.ini:1\d schedule\.z\.for: expected a duration/),
    'v.ini:19 schedule.z.match: Unrecognized key: "verb"',
    'v.ini:17 schedule.z.behavior: The behavior total needs to be 100 or less, and is 200',
    "v.ini:18 schedule.z.slep: 'slep' is no option of 'delay'; did you mean 'sleep'? (there are sleep, jitter, distribution, quantiles, before)",
  ]);
});

test.each([
  ['flags', { args: ['--match-header', 'X-User: ann', '--match-header=x-tier:gold'] }],
  ['a variable', { env: { VAURIEN_MATCH_HEADER: 'x-user: ann\nx-tier: gold' } }],
  ['YAML, as texts', { yaml: "match: { header: ['x-user: ann', 'x-tier: gold'] }" }],
  ['YAML, as a map', { yaml: 'match: { header: { X-User: ann, x-tier: gold } }' }],
])('HTTP fields to match, as %s', (_, told) => {
  const match = { header: { 'x-user': 'ann', 'x-tier': 'gold' } };
  expect(settings(told).proxies[0]?.standing?.match).toEqual(match);
});

test('a field to match that is none is refused', () => {
  expect(problems({ args: ['--match-header', 'ann'] })).toEqual([
    '--match-header: expected fields such as `x-user: ann`',
  ]);
});

test('every selector and option has a flag', () => {
  const help = new Program('2.0').command.options.map(({ long }) => long);
  const expected = [
    ...['match-operation', 'match-client', 'match-header', 'match-every', 'scope', 'seed', 'replay', 'faults-log'],
    ...['tls-backend', 'tls-backend-ca', 'tls-backend-server-name', 'tls-backend-insecure', 'tls-cert', 'tls-key'],
    ...['behavior-blackout-mode', 'behavior-delay-sleep', 'behavior-delay-jitter', 'behavior-delay-distribution'],
    ...['behavior-delay-quantiles', 'behavior-delay-before', 'no-behavior-delay-before', 'behavior-error-code'],
    ...['behavior-error-message', 'behavior-error-point', 'behavior-error-inject', 'behavior-error-warmup'],
    ...['behavior-hang-max', 'behavior-transient-agitate', 'protocol-http-overwrite-host-header'],
  ];
  expect(expected.filter((flag) => !help.includes(`--${flag}`))).toEqual([]);
});

import { expect, test } from 'vitest';
import { painter } from './paint.ts';
import { plan } from './plan.test.fixture.ts';
import { runHeader } from './run-header.ts';

const plain = painter(false);

test('the header says what is going to run, and the schedule in the order of time', () => {
  const scenarios = [
    { name: 'read', weight: 3 },
    { name: 'write', weight: 1 },
  ];
  expect(runHeader({ run: '20261121-074512-shop-3f9a', plan, scenarios }, plain)).toEqual([
    '  run       20261121-074512-shop-3f9a',
    '  scenario  shop.ts: read (75%), write (25%)',
    '  target    http://127.0.0.1:8080',
    '  load      20 workers on 2 nodes for 20s (10 workers on each), seed 7',
    '  proxies   web (http) to 127.0.0.1:8080',
    '  chaos     5s to 10s   slow        20:delay, hang on web',
    '            12s to 15s  web-errors  10:error on web',
  ]);
});

test('a ramp is one line, however many steps it has', () => {
  const behaviors = [{ percent: 100, behavior: 'delay', options: {} }];
  const steps = [0, 1, 2, 3, 4].map((step) => {
    return { name: 'slower', proxy: 'web', atMs: 5000 + 200 * step, forMs: 200, step, behaviors };
  });
  const [chaos, ...others] = runHeader({ plan: { ...plan, schedule: steps } }, plain).filter((line) =>
    line.includes('web,'),
  );
  expect([chaos, others]).toEqual(['  chaos     5s to 6s  slower  delay on web, in a ramp of 5 steps', []]);
});

test('a run that has been says what it was made of', () => {
  const host = { name: 'ci', system: 'linux 6.1.0 x64', cpus: 2, memoryBytes: 1 };
  const versions = { loads: '2.0.0', node: '24.21.0' };
  const git = { revision: '0123456789abcdef', branch: 'main', dirty: true };
  const labels = { version: '2', env: 'test' };
  const [, ...lines] = runHeader({ run: 'r', plan, labels, made: { versions, host, git } }, plain);
  expect(lines.slice(0, 2)).toEqual([
    '  labels    version=2, env=test',
    '  made of   0123456789ab on main with changes, loads 2.0.0 on ci (linux 6.1.0 x64, Node 24.21.0)',
  ]);
  expect(runHeader({ run: 'r', plan, made: { versions, host } }, plain)[1]).toBe(
    '  made of   loads 2.0.0 on ci (linux 6.1.0 x64, Node 24.21.0)',
  );
});

test('only scenarios that run are named, with their shares where they are drawn by weight', () => {
  const scenarios = [
    { name: 'buy', weight: 3 },
    { name: 'look', weight: 1 },
    { name: 'off', weight: 0 },
  ];
  const line = (change: Partial<typeof plan>): string | undefined =>
    runHeader({ plan: { ...plan, ...change }, scenarios }, plain)[0];
  const once = { atMs: 0, durationMs: null, model: { kind: 'once', workers: 1 } } as const;
  const workers = { atMs: 0, durationMs: 1000, model: { kind: 'workers', profile: [] }, scenario: 'look' } as const;
  expect(line({})).toBe('  scenario  shop.ts: buy (75%), look (25%), off (0%)');
  expect(line({ load: [once] })).toBe('  scenario  shop.ts: buy, look');
  expect(line({ load: [workers] })).toBe('  scenario  shop.ts: look');
  expect(line({ singleMode: 'buy' })).toBe('  scenario  shop.ts: buy');
});

test('a plan that is only checked has no run and no seed yet', () => {
  const only = { ...plan, target: undefined, workers: 1, nodes: 1, proxies: [], schedule: [] };
  expect(runHeader({ plan: only, scenarios: [{ name: 'buy', weight: 1 }] }, plain)).toEqual([
    '  scenario  shop.ts: buy',
    '  load      1 worker on 1 node for 20s',
  ]);
});

test('a foreign program has no workers, and runs as long as it likes', () => {
  const foreign = {
    ...plan,
    scenario: { kind: 'command', command: ['python3', 'load.py', '--fast'] } as const,
    durationMs: null,
  };
  const lines = runHeader({ run: 'r', plan: foreign }, plain);
  expect(lines).toContain('  scenario  python3 load.py --fast');
  expect(lines).toContain('  load      2 nodes until the command ends, seed 7');
});

test('it has ten lines at most, and no secrets', () => {
  const [fault] = plan.schedule;
  const full = {
    ...plan,
    target: 'https://user:secret@shop.test/api?key=secret',
    schedule: Array.from({ length: 9 }, (_, i) => ({
      ...fault,
      name: `fault-${i}`,
      proxy: 'web',
      atMs: i,
      forMs: 1,
      behaviors: [],
    })),
    influx: { url: 'http://me:secret@influx:8086', bucket: 'loads', org: '', token: 'secret' },
  };
  const lines = runHeader({ run: 'r', plan: full }, plain);
  expect(lines).toHaveLength(10);
  expect(lines.join('\n')).not.toContain('secret');
  expect(lines).toContain('  target    https://shop.test/api');
  expect(lines.slice(-3)).toEqual([
    '            2ms to 3ms  fault-2  nothing on web',
    '            and 6 more',
    '  influx    http://influx:8086, bucket loads',
  ]);
  const linked = { ...full, grafana: 'http://me:secret@grafana:3000' };
  const withLink = runHeader({ run: 'r', plan: linked, createdAt: '2026-11-21T12:00:00.000Z' }, plain);
  expect(withLink).toHaveLength(10);
  expect(withLink.at(-1)).toMatch(/^ {2}grafana {3}http:\/\/grafana:3000\/d\/loads-run\?var-run=r&from=\d+&to=now$/);
});

test('a proxy that stands elsewhere is named with its control, and its token is not', () => {
  const one = { name: 'db', control: 'http://chaos:8080/', token: 'secret', remoteName: 'db', entries: [] };
  const lines = runHeader({ plan: { ...plan, remotes: [one, { ...one, name: 'stock' }] } }, plain);
  expect(lines).toContain(
    '  proxies   web (http) to 127.0.0.1:8080, db at http://chaos:8080, stock (db at http://chaos:8080)',
  );
  expect(lines.join()).not.toContain('secret');
});

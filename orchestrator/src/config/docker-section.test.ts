import type { RunPlan } from '@loads/core';
import { expect, test } from 'vitest';
import { dockerSettings, loopbackProblems, withDockerValues } from './docker-section.ts';

function source(content: Record<string, unknown>): Parameters<typeof withDockerValues>[0] {
  return { name: 'loads.yml', content, directory: '/', problems: [], placeOf: (path) => path.join('.') };
}

test('what the section says stands over what holds on this machine, and keeps its place', () => {
  const { content, placeOf } = withDockerValues(
    source({
      target: 'http://127.0.0.1:1',
      influx: { url: 'http://127.0.0.1:2', token: 't' },
      proxies: { db: { backend: '127.0.0.1:3', protocol: 'postgres' }, web: {} },
      docker: { target: 'http://shop', influx: { url: 'http://influx' }, proxies: { db: { backend: 'pg:5432' } } },
    }),
  );
  expect(content).toMatchObject({
    target: 'http://shop',
    influx: { url: 'http://influx', token: 't' },
    proxies: { db: { backend: 'pg:5432', protocol: 'postgres' }, web: {} },
  });
  expect(placeOf(['target'])).toBe('docker.target');
  expect(placeOf(['proxies', 'db', 'backend'])).toBe('docker.proxies.db.backend');
  expect(placeOf(['proxies', 'web', 'backend'])).toBe('proxies.web.backend');
  expect(placeOf(['duration'])).toBe('duration');
});

test.each([
  ['http://localhost:1', 1],
  ['http://127.1.2.3', 1],
  ['http://[::1]:8', 1],
  ['http://shop', 0],
  ['http://host.docker.internal', 0],
])('a target %s has %i problems', (target, count) => {
  const { hostname } = new URL(target);
  const host = hostname.replace(/^\[|\]$/g, '');
  const plan = { target, proxies: [{ name: 'web', backend: { host, port: 1 } }] } as unknown as RunPlan;
  const found = loopbackProblems(plan, undefined);
  // A proxy before the target has no backend of its own that could be wrong.
  expect(found.filter(({ path }) => path[0] === 'target')).toHaveLength(count);
  expect(loopbackProblems(plan, 'host')).toEqual([]);
});

test('limits are read, and a memory that no program starts in is refused', () => {
  expect(dockerSettings({ memory: '512m', cpus: 0.5 })).toMatchObject({
    settings: { memory: 536_870_912, cpus: 0.5, pids: 1024 },
  });
  for (const memory of ['5x', '1m'])
    expect(dockerSettings({ memory })).toMatchObject({ problems: [{ path: ['docker', 'memory'] }] });
});

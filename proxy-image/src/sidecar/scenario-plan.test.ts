import { expect, test } from 'vitest';
import { planOf } from './plan.test.fixture.ts';
import { scenarioPlan } from './scenario-plan.ts';

test('a scenario process is not told the secrets of proxies and monitors', () => {
  const web = { name: 'web', backend: { host: 'a', port: 1 }, protocol: 'http', behaviors: [] };
  const told = scenarioPlan(
    planOf({
      proxies: [{ ...web, settings: { tls: { cert: 'public', key: 'secret' } } }],
      remotes: [{ name: 'db', control: 'http://b:1', token: 'secret', remoteName: 'db', entries: [] }],
      monitors: [{ name: 'db', url: 'http://b:8126', token: 'secret' }],
      plugins: [{ source: './mine.ts', file: '/mine.ts', code: 'long' }],
    }),
  );
  expect(told).toEqual(planOf({ proxies: [web] }));
});

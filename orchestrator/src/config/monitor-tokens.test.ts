import { expect, test } from 'vitest';
import { withMonitorTokens } from './monitor-tokens.ts';

const ENV = { LOADS_MONITOR_TOKEN: 'shared' };

test('a monitor without a token has that of the environment', () => {
  const monitors = { db: { url: 'http://db:8126' }, app: { url: 'http://app:8126', token: 'own' } };
  expect(withMonitorTokens({ nodes: 2, monitors }, ENV)).toEqual({
    nodes: 2,
    monitors: { db: { url: 'http://db:8126', token: 'shared' }, app: { url: 'http://app:8126', token: 'own' } },
  });
  expect(withMonitorTokens({ monitors }, { LOADS_MONITOR_TOKEN: '' })).toEqual({ monitors });
});

test('what is no monitor is left as it is', () => {
  for (const monitors of [undefined, ['x'], 'x', { db: 'x' }])
    expect(withMonitorTokens({ monitors }, ENV)).toEqual({ monitors });
});

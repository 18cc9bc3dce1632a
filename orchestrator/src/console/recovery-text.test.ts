import { expect, test } from 'vitest';
import { fullSummary } from './full-summary.test.fixture.ts';
import { painter } from './paint.ts';
import { recoveryLines } from './recovery-text.ts';

test('each window has a line: when it was, what it did, and how long that lasted', () => {
  const window = { fault: 'down', proxy: 'db', fromMs: 80_003, toMs: 95_002, stepMs: 1000 };
  const recovery = [
    {
      fault: 'down',
      windows: [
        { ...window, effect: 'collapsed' as const, detectionMs: 997, recoveryMs: 4998 },
        {
          ...window,
          fromMs: 120_000,
          effect: 'degraded' as const,
          detectionMs: 2000,
          reason: 'not recovered when the load ended',
        },
      ],
      requests: 900,
      failed: 850,
      failedBecause: 848,
    },
    {
      fault: 'slow',
      windows: [{ ...window, fromMs: 40_000, effect: 'none' as const, recoveryMs: 0 }],
      requests: 10,
      failed: 0,
      failedBecause: 0,
    },
  ];
  expect(recoveryLines({ ...fullSummary, recovery }, painter(false))).toEqual([
    'down  at 80.00s  collapsed  seen after 997ms  recovered in 5.00s                 848 failed because of it',
    '      at 120s    degraded   seen after 2.00s  not recovered when the load ended',
    'slow  at 40.00s  none',
  ]);
  expect(recoveryLines(fullSummary, painter(false))).toEqual([]);
});

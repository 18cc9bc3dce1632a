import type { FaultSpan } from '@loads/core';
import { expect, test } from 'vitest';
import { FaultLedger } from './fault-ledger.ts';

test('the first and the last fault of each kind are kept', () => {
  const ledger = new FaultLedger();
  const note = (behavior: string, atMs: number): void => {
    const mark = { id: `${behavior}-${atMs}`, atMs };
    ledger.note({ fault: 'slow', proxy: 'web', behavior, first: mark, last: mark });
  };
  for (const atMs of [3, 1, 2]) note('delay', atMs);
  note('error', 9);
  const span = (behavior: string, first: number, last: number): FaultSpan => ({
    ...{ fault: 'slow', proxy: 'web', behavior },
    ...{ first: { id: `${behavior}-${first}`, atMs: first }, last: { id: `${behavior}-${last}`, atMs: last } },
  });
  expect(ledger.spans).toEqual([span('delay', 1, 3), span('error', 9, 9)]);
});

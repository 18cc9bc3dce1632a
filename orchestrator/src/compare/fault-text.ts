import { type Comparison, type FaultComparison, type FaultSide, formatDuration } from '@loads/core';
import { formatCount } from '../console/format.ts';
import { fromTo } from './figure-text.ts';

/** A fault's row: its figures before and after, in the order of `FAULT_COLUMNS`. */
export const FAULT_COLUMNS: readonly string[] = ['failures', 'p95', 'effect', 'recovered in', 'failed because of it'];

/** What a fault did to either run. */
export function faultCells({ parts }: Comparison, { fault, a, b }: FaultComparison): readonly string[] {
  const figures = parts.find((part) => part.fault === fault && part.name === undefined)?.figures ?? [];
  const text = (name: string): string => {
    const one = figures.find(({ figure }) => figure === name);
    return one ? fromTo(one) : '-';
  };
  const both = (of: (side: FaultSide) => string | undefined): string => {
    const [before, after] = [a, b].map((side) => (side && of(side)) ?? '-');
    return before === '-' && after === '-' ? '-' : `${before} → ${after}`;
  };
  return [
    text('failures'),
    text('p95'),
    both(({ effect }) => effect),
    both(({ recoveryMs, effect }) =>
      recoveryMs === undefined || effect === 'none' ? undefined : formatDuration(recoveryMs),
    ),
    both(({ failedBecause }) => (failedBecause === undefined ? undefined : formatCount(failedBecause))),
  ];
}

import type { Summary } from '@loads/core';
import { formatCount, formatMs } from '../../console/format.ts';
import { markdownTable, markdownText as plain } from './markdown.ts';

type Recovery = NonNullable<Summary['recovery']>[number];

/** What each fault did, window by window; where nothing is known but what was injected, that. */
export function faultSection({ faults, recovery = [] }: Summary): readonly string[] {
  if (recovery.length > 0) {
    const rows = recovery.flatMap((one) => rowsOf(one, injectedBy(faults, one.fault)));
    const header = ['fault', 'injected', 'at', 'effect', 'seen after', 'recovered in', 'failed because of it'];
    return ['### Faults', '', ...markdownTable(header, rows, [1, 2, 6])];
  }
  if (faults.length === 0) return [];
  const rows = faults.map(({ fault, behavior, proxy, count }) => [
    plain(fault),
    plain(`${behavior} on ${proxy}`),
    formatCount(count),
  ]);
  return ['### Faults', '', ...markdownTable(['fault', 'behavior', 'injected'], rows, [2])];
}

function rowsOf({ fault, windows, failedBecause }: Recovery, injected: number): readonly (readonly string[])[] {
  return windows.map(({ fromMs, effect, detectionMs, recoveryMs, reason = '' }, i) => [
    i === 0 ? plain(fault) : '',
    i === 0 ? formatCount(injected) : '',
    formatMs(fromMs),
    effect,
    detectionMs === undefined ? '' : formatMs(detectionMs),
    recoveryMs === undefined ? plain(reason) : effect === 'none' ? '' : formatMs(recoveryMs),
    i === 0 ? formatCount(failedBecause) : '',
  ]);
}

function injectedBy(faults: Summary['faults'], fault: string): number {
  return faults.reduce((sum, one) => (one.fault === fault ? sum + one.count : sum), 0);
}

import type { Summary } from '@loads/core';
import { formatCount, formatMs } from './format.ts';
import type { Paint } from './paint.ts';
import { type Cell, table } from './table.ts';

type Window = NonNullable<Summary['recovery']>[number]['windows'][number];

/** How the service got over each window of each fault: when, what it did, when that was seen, and how long it lasted. */
export function recoveryLines({ recovery = [] }: Summary, paint: Paint): readonly string[] {
  const rows = recovery.flatMap(({ fault, windows, failedBecause }) =>
    windows.map((window, i): (Cell | string)[] => [
      i === 0 ? fault : '',
      { text: `at ${formatMs(window.fromMs)}`, left: true },
      { text: window.effect, left: true, paint: paintOf(window.effect, paint) },
      { text: seen(window), left: true },
      { text: recovered(window), left: true, paint: window.recoveryMs === undefined ? paint.bad : undefined },
      { text: i === 0 && failedBecause > 0 ? `${formatCount(failedBecause)} failed because of it` : '', left: true },
    ]),
  );
  return table(rows);
}

function seen({ detectionMs }: Window): string {
  return detectionMs === undefined ? '' : `seen after ${formatMs(detectionMs)}`;
}

function recovered({ recoveryMs, reason = '', effect }: Window): string {
  if (recoveryMs === undefined) return reason;
  return effect === 'none' ? '' : `recovered in ${formatMs(recoveryMs)}`;
}

function paintOf(effect: Window['effect'], paint: Paint): ((text: string) => string) | undefined {
  if (effect === 'collapsed') return paint.bad;
  return effect === 'degraded' ? paint.warn : undefined;
}

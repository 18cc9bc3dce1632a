import { type RunPlan, requestLines } from '@loads/core';
import type { RequestSample } from '../http/request-sample.ts';
import { requestExample } from './request-example.ts';

/** Shows a request of a scenario that has ended, with its response's body as far as it came. */
export type DumpRequest = (scenario: string, sample: RequestSample, body: readonly Buffer[]) => void;

/** More than that in a second nobody can read. */
const MOST_A_SECOND = 50;
/** And more than that in all nobody wants on the disk, characters. */
const MOST_CHARACTERS = 16 << 20;

/**
 * Writes requests as the plan's `dump` asks for, and undefined where it does not. At most 50 a second of a process are
 * shown, and 16 MiB in all; how many were left out is said. `now` is ms of a monotonic clock.
 */
export function requestDump(
  dump: RunPlan['dump'],
  write: (text: string) => void,
  now: () => number = () => performance.now(),
): DumpRequest | undefined {
  if (dump === undefined) return undefined;
  let [secondMs, shown, skipped, characters] = [Number.NEGATIVE_INFINITY, 0, 0, 0];
  return (scenario, sample, body) => {
    const nowMs = now();
    if (nowMs - secondMs >= 1000) [secondMs, shown] = [nowMs, 0];
    if (shown >= MOST_A_SECOND || characters > MOST_CHARACTERS) {
      skipped += 1;
      return;
    }
    shown += 1;
    const example = requestExample(sample, body, { withBodies: dump === 'bodies' });
    const failed = sample.failure === undefined ? '' : ` failed: ${sample.error?.reason ?? sample.failure}`;
    const left = skipped === 0 ? [] : [`* ${skipped} more requests are not shown`];
    const text = [...left, `* ${scenario}: ${sample.name}${failed}`, ...requestLines(example), ''].join('\n');
    skipped = 0;
    characters += text.length;
    write(characters > MOST_CHARACTERS ? `${text}* further requests are not shown\n` : text);
  };
}

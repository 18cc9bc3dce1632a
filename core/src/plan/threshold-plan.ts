import { LoadsError } from '../errors/loads-error.ts';
import type { ScheduleEntry } from '../schedule/schedule.ts';
import { parseThreshold, type Threshold } from '../thresholds/threshold.ts';
import type { Config, ThresholdConfig } from './config-schema.ts';
import { didYouMean, type Problem } from './problem.ts';

/** What is computed of faults when a run is over. */
const OF_FAULTS: ReadonlySet<string> = new Set(['recovery_time', 'detection_time']);

/** Reads all thresholds; what is wrong goes into `problems`. */
export function thresholdsOf(
  config: Config,
  schedule: readonly ScheduleEntry[],
  problems: Problem[],
): readonly Threshold[] {
  return Object.entries(config.thresholds).flatMap(([selector, all]) =>
    all.flatMap((one, i) => {
      const path = ['thresholds', selector, i];
      const read = thresholdOf(selector, one);
      const message = typeof read === 'string' ? read : problemWith(read, schedule);
      if (message !== undefined) problems.push({ path, message });
      return typeof read === 'string' ? [] : [read];
    }),
  );
}

function thresholdOf(selector: string, given: ThresholdConfig): Threshold | string {
  try {
    if (typeof given === 'string') return parseThreshold(selector, given);
    const { threshold, abortOnFail, delayAbortEval } = given;
    const read = parseThreshold(selector, threshold);
    return abortOnFail ? { ...read, abortOnFail, delayAbortEvalMs: delayAbortEval } : read;
  } catch (error) {
    if (!(error instanceof LoadsError)) throw error;
    return error.hint ? `${error.message}; ${error.hint}` : error.message;
  }
}

function problemWith({ metric, tags, abortOnFail }: Threshold, schedule: readonly ScheduleEntry[]): string | undefined {
  if (!OF_FAULTS.has(metric)) return undefined;
  if (abortOnFail) return `${metric} is known when the run is over: it cannot end it`;
  const names = [...new Set(schedule.map(({ name }) => name))];
  if (names.length === 0) return `${metric} needs an entry in \`chaos\``;
  if (tags.fault === undefined || names.includes(tags.fault)) return undefined;
  const hint = didYouMean(tags.fault, names);
  return `there is no fault '${tags.fault}'${hint ? `; did you mean '${hint}'?` : ''}`;
}

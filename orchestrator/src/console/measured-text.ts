import { METRICS, parseThreshold, type Threshold, type ThresholdResult } from '@loads/core';
import { formatMs, formatNumber, formatRatio } from './format.ts';

/**
 * What was measured for a threshold, in the unit of its metric, with what it was compared with where that was measured,
 * too; why there is nothing, when there is not.
 */
export function measuredText(result: ThresholdResult): string {
  const { actual, limit, reason } = result;
  if (actual === undefined) return reason ?? '';
  const format = formatOf(thresholdOf(result));
  const against = limit === undefined ? '' : `, limit ${format(limit)}`;
  return `${format(actual)}${against}${reason === undefined ? '' : `, ${reason}`}`;
}

/** The threshold that a result is of; undefined when its summary has another grammar. */
export function thresholdOf({ metric, expression }: ThresholdResult): Threshold | undefined {
  try {
    return parseThreshold(metric, expression);
  } catch {
    // A summary may come from elsewhere: what it says is shown as it is.
    return undefined;
  }
}

function formatOf(threshold: Threshold | undefined): (value: number) => string {
  if (!threshold) return formatNumber;
  const { name } = threshold.aggregation;
  const unit = METRICS[threshold.metric]?.unit;
  if (unit === 'ms' && name !== 'count') return formatMs;
  return unit === 'ratio' && name === 'rate' ? formatRatio : formatNumber;
}

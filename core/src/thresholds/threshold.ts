import { LoadsError } from '../errors/loads-error.ts';
import type { MetricKind } from '../metrics/metric-definition.ts';
import type { Tags } from '../metrics/series.ts';
import { METRICS } from '../metrics/vocabulary.ts';
import { parseDuration } from '../plan/duration.ts';

export type Operator = '<' | '<=' | '>' | '>=' | '==' | '!=';
export type Aggregation =
  | { readonly name: 'count' | 'rate' | 'value' | 'avg' | 'min' | 'max' | 'med' }
  | { readonly name: 'p'; readonly percentile: number };

/** One number of a metric: an aggregation over the samples that carry the tags. */
export type Measured = { readonly aggregation: Aggregation; readonly tags: Tags };

/**
 * A condition on a metric over the whole run, in k6's grammar: `metric{tag:value}` and `p(95)<300`; or one that compares two
 * parts of a run, `p(95){phase:chaos} < 3 * p(95){phase:steady}`.
 */
export type Threshold = Measured & {
  readonly selector: string;
  readonly metric: string;
  readonly expression: string;
  readonly operator: Operator;
  /** What it is compared with; with `relativeTo`, how many times that. */
  readonly limit: number;
  readonly relativeTo?: Measured | undefined;
  /** Ends the run as soon as it does not hold. */
  readonly abortOnFail?: boolean | undefined;
  /** ms from the start of the run in which it does not end it. */
  readonly delayAbortEvalMs?: number | undefined;
};

/** Which aggregations a metric of each kind has, as in k6 (a set counts its distinct members). */
export const AGGREGATIONS_OF: Readonly<Record<MetricKind, readonly Aggregation['name'][]>> = {
  counter: ['count', 'rate'],
  gauge: ['value', 'min', 'max', 'avg'],
  rate: ['rate', 'count'],
  trend: ['avg', 'min', 'max', 'med', 'p', 'count'],
  set: ['count'],
};

const SELECTOR = /^([^{}\s]+)(?:\{([^{}]*)\})?$/;
const MEASURED = String.raw`(?:(?:count|rate|value|avg|min|max|med)|p\(\d+(?:\.\d+)?\))\s*(?:\{[^{}]*\})?`;
const FACTOR = String.raw`\d+(?:\.\d+)?`;
const EXPRESSION = new RegExp(String.raw`^(${MEASURED})\s*(<=|>=|===?|!=|<|>)\s*(.+)$`);
const NUMBER = /^(-?\d+(?:\.\d+)?)\s*(ms|s|m|h)?$/;
const MULTIPLE = new RegExp(String.raw`^(?:(${FACTOR})\s*\*\s*)?(${MEASURED})(?:\s*\*\s*(${FACTOR}))?$`);
const PARTS = /^(?:(count|rate|value|avg|min|max|med)|p\((\d+(?:\.\d+)?)\))\s*(?:\{([^{}]*)\})?$/;

/**
 * Reads one threshold. Durations may carry a unit (`max<5s`); a bare number is in the metric's own unit (ms, bytes). Throws
 * ERR_THRESHOLD_SYNTAX.
 */
export function parseThreshold(selector: string, expression: string): Threshold {
  const match = SELECTOR.exec(selector.trim());
  const metric = match?.[1];
  if (metric === undefined)
    throw syntax(`'${selector}' is no metric`, 'write it like `http_req_duration{phase:steady}`');
  const tags = parseTags(match?.[2], selector);
  const text = expression.trim();
  const [, left = '', sign = '', right = ''] = EXPRESSION.exec(text) ?? [];
  const limit = left === '' ? undefined : (parseNumber(right) ?? parseMultiple(right, metric, tags));
  if (limit === undefined) throw syntax(`'${expression}' is no threshold`);
  const operator = (sign === '===' ? '==' : sign) as Operator;
  const { limit: number, ...relative } = limit;
  return {
    selector,
    metric,
    expression: text,
    ...parseMeasured(left, metric, tags),
    operator,
    limit: number,
    ...relative,
  };
}

function parseNumber(text: string): Pick<Threshold, 'limit'> | undefined {
  const [, number, unit] = NUMBER.exec(text) ?? [];
  if (number === undefined) return undefined;
  if (unit === undefined) return { limit: Number(number) };
  return { limit: (parseDuration(`${Math.abs(Number(number))}${unit}`) ?? 0) * Math.sign(Number(number)) };
}

function parseMultiple(text: string, metric: string, tags: Tags): Pick<Threshold, 'limit' | 'relativeTo'> | undefined {
  const [, before, measured, after] = MULTIPLE.exec(text) ?? [];
  if (measured === undefined || (before !== undefined && after !== undefined)) return undefined;
  return { limit: Number(before ?? after ?? 1), relativeTo: parseMeasured(measured, metric, tags) };
}

/** An aggregation with what it adds to the tags of its metric. */
function parseMeasured(text: string, metric: string, tags: Tags): Measured {
  const [, word, percentile, selector] = PARTS.exec(text) ?? [];
  const aggregation = aggregationOf(word, percentile);
  if (aggregation.name === 'p' && aggregation.percentile > 100) throw syntax(`p(${percentile}) is over p(100)`);
  const known = Object.hasOwn(METRICS, metric) ? METRICS[metric] : undefined;
  if (known && !AGGREGATIONS_OF[known.kind].includes(aggregation.name)) {
    const has = AGGREGATIONS_OF[known.kind].map((name) => (name === 'p' ? 'p(N)' : name)).join(', ');
    throw syntax(`${metric} is a ${known.kind} and has no '${aggregation.name}'`, `a ${known.kind} has ${has}`);
  }
  return { aggregation, tags: { ...tags, ...parseTags(selector, text) } };
}

function parseTags(list: string | undefined, within: string): Tags {
  const tags: Record<string, string> = {};
  for (const pair of (list ?? '').split(',').filter((text) => text.trim() !== '')) {
    const colon = pair.indexOf(':');
    if (colon < 1) throw syntax(`'${pair.trim()}' in '${within}' is no tag`, 'write it like `{phase:steady}`');
    tags[pair.slice(0, colon).trim()] = pair.slice(colon + 1).trim();
  }
  return tags;
}

function aggregationOf(word: string | undefined, percentile: string | undefined): Aggregation {
  if (word === undefined) return { name: 'p', percentile: Number(percentile) };
  return { name: word as Exclude<Aggregation['name'], 'p'> };
}

function syntax(message: string, hint?: string): LoadsError {
  return new LoadsError('ERR_THRESHOLD_SYNTAX', message, { hint });
}

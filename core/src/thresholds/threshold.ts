import { LoadsError } from '../errors/loads-error.ts';
import type { Tags } from '../metrics/series.ts';
import { METRICS, type MetricKind } from '../metrics/vocabulary.ts';
import { parseDuration } from '../plan/duration.ts';

export type Operator = '<' | '<=' | '>' | '>=' | '==' | '!=';
export type Aggregation =
  | { readonly name: 'count' | 'rate' | 'value' | 'avg' | 'min' | 'max' | 'med' }
  | { readonly name: 'p'; readonly percentile: number };

/** A condition on a metric over the whole run, in k6's grammar: `metric{tag:value}` and `p(95)<300`. */
export type Threshold = {
  readonly selector: string;
  readonly metric: string;
  readonly tags: Tags;
  readonly expression: string;
  readonly aggregation: Aggregation;
  readonly operator: Operator;
  readonly limit: number;
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
const EXPRESSION =
  /^(?:(count|rate|value|avg|min|max|med)|p\((\d+(?:\.\d+)?)\))\s*(<=|>=|===?|!=|<|>)\s*(-?\d+(?:\.\d+)?)\s*(ms|s|m|h)?$/;

/** Reads one threshold. Durations may carry a unit (`max<5s`); a bare number is in the metric's own unit (ms, bytes). */
export function parseThreshold(selector: string, expression: string): Threshold {
  const { metric, tags } = parseSelector(selector);
  const match = EXPRESSION.exec(expression.trim());
  if (!match) throw syntax(`'${expression}' is no threshold`);
  const [, word, percentile, sign, number, unit] = match;
  const aggregation = aggregationOf(word, percentile);
  if (aggregation.name === 'p' && aggregation.percentile > 100) throw syntax(`p(${percentile}) is over p(100)`);
  const known = Object.hasOwn(METRICS, metric) ? METRICS[metric] : undefined;
  if (known && !AGGREGATIONS_OF[known.kind].includes(aggregation.name)) {
    const has = AGGREGATIONS_OF[known.kind].map((name) => (name === 'p' ? 'p(N)' : name)).join(', ');
    throw syntax(`${metric} is a ${known.kind} and has no '${aggregation.name}'`, `a ${known.kind} has ${has}`);
  }
  const limit = unit
    ? (parseDuration(`${Math.abs(Number(number))}${unit}`) ?? 0) * Math.sign(Number(number))
    : Number(number);
  const operator = (sign === '===' ? '==' : sign) as Operator;
  return { selector, metric, tags, expression: expression.trim(), aggregation, operator, limit };
}

function parseSelector(selector: string): { metric: string; tags: Tags } {
  const match = SELECTOR.exec(selector.trim());
  const metric = match?.[1];
  if (metric === undefined)
    throw syntax(`'${selector}' is no metric`, 'write it like `http_req_duration{phase:steady}`');
  const tags: Record<string, string> = {};
  for (const pair of (match?.[2] ?? '').split(',').filter((text) => text.trim() !== '')) {
    const colon = pair.indexOf(':');
    if (colon < 1) throw syntax(`'${pair.trim()}' in '${selector}' is no tag`, 'write it like `{phase:steady}`');
    tags[pair.slice(0, colon).trim()] = pair.slice(colon + 1).trim();
  }
  return { metric, tags };
}

function aggregationOf(word: string | undefined, percentile: string | undefined): Aggregation {
  if (word === undefined) return { name: 'p', percentile: Number(percentile) };
  return { name: word as Exclude<Aggregation['name'], 'p'> };
}

function syntax(message: string, hint?: string): LoadsError {
  return new LoadsError('ERR_THRESHOLD_SYNTAX', message, { hint });
}

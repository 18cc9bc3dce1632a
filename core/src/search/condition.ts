import { LoadsError } from '../errors/loads-error.ts';
import { parseThreshold } from '../thresholds/threshold.ts';

/** What has to hold in a trial: a threshold, with its metric (and selector) and its expression. */
export type Condition = { readonly selector: string; readonly expression: string };

const NAMED = /^([A-Za-z_][\w.-]*(?:\{[^{}]*\})?)\s*:\s*(.+)$/;
/** What an aggregation is of where no metric is named. */
const USUAL: readonly (readonly [RegExp, string])[] = [
  [/^rate\b/, 'http_req_failed'],
  [/^(?:p\(|avg\b|med\b|min\b|max\b)/, 'http_req_duration'],
];

/**
 * Reads `p(95)<300` (of `http_req_duration`), `rate<0.01` (of `http_req_failed`), or `METRIC: EXPRESSION` as in a
 * configuration, `http_req_failed{phase:chaos}: rate<0.01`. Throws ERR_THRESHOLD_SYNTAX.
 */
export function readCondition(text: string): Condition {
  const given = text.trim();
  const [, named, rest] = NAMED.exec(given) ?? [];
  const selector = named ?? USUAL.find(([shape]) => shape.test(given))?.[1];
  if (selector === undefined)
    throw new LoadsError('ERR_THRESHOLD_SYNTAX', `'${text}' is no threshold`, {
      hint: 'write it like `p(95)<300`, `rate<0.01` or `http_req_failed{phase:chaos}: rate<0.01`',
    });
  const expression = rest ?? given;
  parseThreshold(selector, expression);
  return { selector, expression };
}

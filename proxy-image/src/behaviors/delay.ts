import { durationSchema, parseDuration } from '@loads/core';
import * as z from 'zod';
import { type BehaviorPlugin, defineBehavior } from './behavior.ts';
import { latencyMs } from './latency.ts';

/** `50:10ms,99:1s`: percentiles to durations, ascending in both. */
const quantilesSchema = z.string().transform((text, context) => {
  const pairs = text.split(',').map((part) => {
    const [percentile = '', duration = ''] = part.split(':').map((piece) => piece.trim());
    return [percentile === '' ? Number.NaN : Number(percentile), parseDuration(duration) ?? Number.NaN] as const;
  });
  const ascending = pairs.every(([percentile, ms], i) => {
    const [below, lower] = pairs[i - 1] ?? [0, 0];
    return percentile > below && percentile <= 100 && ms >= lower;
  });
  if (ascending) return pairs;
  context.addIssue({
    code: 'custom',
    message: `expected percentiles with durations such as 50:10ms,99:1s, got '${text}'`,
  });
  return z.NEVER;
});

/** Adds latency. */
export const delay: BehaviorPlugin = defineBehavior({
  name: 'delay',
  doc:
    'Holds each request before it is forwarded, or its response before it is delivered. Over tcp each chunk of that ' +
    'direction is held, counted from its arrival, so that latency grows and bandwidth does not shrink. When the rule ' +
    'ends, what is held flows at once.',
  options: z.strictObject({
    sleep: durationSchema.default(1000).describe('how long it is held'),
    jitter: durationSchema.default(0).describe('how far the time spreads around `sleep`'),
    distribution: z.enum(['uniform', 'normal', 'pareto']).default('uniform').describe('how it spreads'),
    quantiles: quantilesSchema.optional().describe('a distribution of your own instead: `50:10ms,99:1s`'),
    before: z.boolean().default(true).describe('hold the request before the backend; false: hold the response'),
  }),
  create: ({ sleep, jitter, distribution, quantiles, before }) => ({
    effect: ({ draw }) => ({
      kind: 'hold',
      side: before ? 'request' : 'response',
      ms: latencyMs({ sleepMs: sleep, jitterMs: jitter, distribution, quantiles }, draw('latency'), draw('latency 2')),
    }),
  }),
});

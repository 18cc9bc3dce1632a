import * as z from 'zod';
import type { Comparison } from './comparison.ts';
import { briefShape, effectSchema, partShape } from './figures-shape.ts';
import type { Trend } from './trend.ts';

const count = z.number().min(0);
const ms = z.number().min(0);
const ratio = z.number().min(0).max(1);
const brief = z.object(briefShape).meta({ id: 'comparedRun', description: 'A run.' });

const change = z
  .enum(['better', 'same', 'worse', 'too-few'])
  .meta({ id: 'change', description: 'What became of it; too-few: there are too few samples to say.' });

const figure = z.object({
  figure: z.enum(['p50', 'p95', 'p99', 'failures']),
  a: count.describe('ms, or the share of failures (0-1).'),
  b: count,
  difference: z
    .object({ value: z.number(), lower: z.number(), upper: z.number() })
    .optional()
    .describe('b - a with its interval.'),
  limit: count.describe('A difference up to this does not matter.'),
  change,
  judged: z.boolean().describe('Whether it decides on the part.'),
  perRun: z
    .object({ a: z.array(count), b: z.array(count) })
    .optional()
    .describe('The figure of every single run, where a side has several.'),
});

const side = z.object({ effect: effectSchema.optional(), failedBecause: count.optional(), recoveryMs: ms.optional() });
const part = z.object(partShape);

const comparison = z
  .object({
    version: z.literal(1),
    a: brief.describe('What was before.'),
    b: brief,
    runs: z
      .object({ a: z.array(z.string()), b: z.array(z.string()) })
      .optional()
      .describe('The runs of each side, where one has several: `a` and `b` are all of them together.'),
    tolerance: z.object({ ratio: count, leastMs: ms }),
    confidence: ratio.describe('Of the intervals.'),
    change,
    parts: z.array(
      z.object({
        ...partShape,
        samples: z.object({ a: count, b: count }),
        figures: z.array(figure),
        effect: z
          .object({ delta: z.number().min(-1).max(1), size: z.enum(['negligible', 'small', 'medium', 'large']) })
          .optional()
          .describe("Cliff's delta of the durations: above 0 they are longer."),
        change,
      }),
    ),
    faults: z.array(z.object({ fault: z.string(), change: change.optional(), a: side.optional(), b: side.optional() })),
    separatedBy: z.string().optional().describe('The fault under which the runs differ most.'),
    thresholds: z
      .array(z.object({ metric: z.string(), expression: z.string(), a: z.boolean(), b: z.boolean() }))
      .describe('Those that held in one of the runs only.'),
    unlike: z
      .array(z.object({ what: z.string(), a: z.string().optional(), b: z.string().optional(), load: z.boolean() }))
      .describe('What the runs are not alike in; `load`: figures may differ because of it.'),
    onlyInA: z.array(part),
    onlyInB: z.array(part),
  })
  .describe('Two runs compared. Durations in ms, shares from 0 to 1.');

const trendFigures = z
  .object({ count, failures: ratio, p50: ms, p95: ms, p99: ms })
  .meta({ id: 'trendFigures', description: 'What was measured.' });

const trend = z
  .object({
    version: z.literal(1),
    name: z.string(),
    points: z.array(
      z.object({
        ...briefShape,
        all: trendFigures.optional(),
        phases: z.partialRecord(z.enum(['steady', 'chaos', 'recovery']), trendFigures),
        against: z.string().optional().describe('The run before it that it is compared with.'),
        change: change.optional(),
      }),
    ),
  })
  .describe('Runs of one name, the oldest first. Durations in ms, shares from 0 to 1.');

/** What `loads compare --format json` writes. */
export const comparisonSchema: z.ZodType<Comparison> = comparison;
/** What `loads trend --format json` writes. */
export const trendSchema: z.ZodType<Trend> = trend;

/** The JSON Schema of a comparison, for its readers. Later versions of Loads may add keys. */
export function comparisonJsonSchema(): unknown {
  return z.toJSONSchema(comparison, { io: 'input', target: 'draft-2020-12' });
}

/** The JSON Schema of a trend. */
export function trendJsonSchema(): unknown {
  return z.toJSONSchema(trend, { io: 'input', target: 'draft-2020-12' });
}

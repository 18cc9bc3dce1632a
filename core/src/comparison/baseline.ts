import * as z from 'zod';
import { LoadsError } from '../errors/loads-error.ts';
import { Histogram } from '../histogram/histogram.ts';
import { briefShape, effectSchema, partShape } from './figures-shape.ts';
import type { RunFigures } from './run-figures.ts';

const BASELINE_VERSION = 1;

const count = z.number().min(0);
const atLeastOne = z.number().min(1);

const baseline = z
  .object({
    version: z.literal(BASELINE_VERSION, { error: 'written by another version of loads' }),
    ...briefShape,
    parts: z.array(
      z.object({
        ...partShape,
        durations: z
          .looseObject({ count, sum: count, buckets: z.array(z.number()) })
          .describe('A histogram: pairs of the distance to the bucket before and the count.'),
        count,
        failed: count,
        clustering: z
          .object({ p50: atLeastOne, p95: atLeastOne, p99: atLeastOne, failures: atLeastOne })
          .describe('How many samples are worth one independent one.'),
      }),
    ),
    faults: z.array(
      z.object({ fault: z.string(), effect: effectSchema, failedBecause: count, recoveryMs: count.optional() }),
    ),
    thresholds: z.array(z.object({ metric: z.string(), expression: z.string(), ok: z.boolean() })),
  })
  .describe('What of a run is kept to compare others with: `loads baseline save`.');

/** The text of a baseline file: small, and a line for each part, so that a version control shows what changed. */
export function baselineText(figures: RunFigures): string {
  const { parts, ...rest } = figures;
  const lines = parts.map((part) => `    ${JSON.stringify({ ...part, durations: part.durations.toJSON() })}`);
  const head = JSON.stringify({ version: BASELINE_VERSION, ...rest }, undefined, 2).slice(0, -2);
  return `${head},\n  "parts": [\n${lines.join(',\n')}\n  ]\n}\n`;
}

/** Reads a baseline file. Throws ERR_RUN_DAMAGED for what is none, under the name that the file goes by. */
export function readBaseline(text: string, name: string): RunFigures {
  const parsed = baseline.safeParse(jsonOf(text, name));
  if (!parsed.success) {
    throw new LoadsError('ERR_RUN_DAMAGED', `${name} is no baseline: ${z.prettifyError(parsed.error).split('\n')[0]}`, {
      hint: 'make one with `loads baseline save`',
    });
  }
  const { version: _, parts, ...rest } = parsed.data;
  return { ...rest, parts: parts.map((part) => ({ ...part, durations: Histogram.fromJSON(part.durations) })) };
}

/** The JSON Schema of a baseline file. */
export function baselineJsonSchema(): unknown {
  return z.toJSONSchema(baseline, { io: 'input', target: 'draft-2020-12' });
}

function jsonOf(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new LoadsError('ERR_RUN_DAMAGED', `${name} is no baseline: it is no JSON`, { cause });
  }
}

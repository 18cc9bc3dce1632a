import { EXIT } from '@loads/core';
import * as z from 'zod';
import type { MatrixReport } from '../matrix/matrix-report.ts';
import type { SearchReport } from '../search/search-report.ts';
import type { SizingReport } from '../sizing/sizing-report.ts';

const count = z.number().min(0);
const ms = z.number().min(0);
const unit = z.enum(['workers', 'rate', 'sleep', 'percentage']);

const figures = {
  iterationRate: count.describe('Per second.'),
  requestRate: count.describe('Per second.'),
  p95Ms: ms.optional(),
  failures: z.object({ of: z.enum(['iterations', 'requests', 'checks']), ratio: z.number().min(0).max(1) }),
  reasons: z.array(z.string()),
};

const trial = z.object({
  level: z.int(),
  outcome: z.enum(['held', 'broke', 'invalid']),
  run: z.string(),
  stage: z.enum(['ramp', 'search', 'repeat']),
  name: z.string(),
  load: z.number(),
  iterations: count,
  ...figures,
});

const edge = z.object({
  level: z.int(),
  name: z.string(),
  load: z.number(),
  held: count,
  broke: count,
  invalid: count,
  ...figures,
});

const found = {
  version: z.literal(1),
  name: z.string(),
  nodes: count,
  ceiling: z.number(),
  tolerance: z.number(),
  end: z.enum(['service', 'ceiling', 'generator', 'trials', 'stopped']),
  holds: edge.optional(),
  breaks: edge.optional(),
  confidence: z.number().min(0).max(1),
  elapsedMs: ms,
  trials: z.array(trial),
};

export const sizingReportSchema: z.ZodType<SizingReport> = z.object({ ...found, sizing: z.string(), unit });

export const searchReportSchema: z.ZodType<SearchReport> = z.object({
  ...found,
  search: z.string(),
  vary: unit,
  entry: z.string().optional(),
  until: z.array(z.string()),
});

const outcome = z.enum(['passed', 'failed', 'invalid', 'stopped']);
const exitCode = z.literal(Object.values(EXIT));

export const matrixReportSchema: z.ZodType<MatrixReport> = z.object({
  version: z.literal(1),
  matrix: z.string(),
  name: z.string(),
  nodes: count,
  outcome,
  exitCode,
  elapsedMs: ms,
  runs: count,
  rows: z.array(
    z.object({
      fault: z.string().optional(),
      run: z.string(),
      outcome,
      exitCode,
      reasons: z.array(z.string()),
      requests: count,
      failed: count,
      p95Ms: ms.optional(),
      cost: z
        .object({
          failed: count,
          p95Ms: z.number().optional(),
          effect: z.enum(['none', 'degraded', 'collapsed', 'unknown']),
          recoveryMs: ms.optional(),
          reason: z.string().optional(),
        })
        .optional(),
    }),
  ),
});

import * as z from 'zod';
import { STUDY_KINDS } from '../study/study.ts';

const count = z.number().min(0);

/** The runs of a line of `loads ps --json`. */
export const psRunsSchema: z.ZodType = z.array(
  z.object({
    run: z.string(),
    on: z.string(),
    state: z.string(),
    running: count,
    nodes: count,
    where: z.string(),
    verdict: z.string().optional().describe('With `--all`, of a run that has been judged.'),
    createdAt: z.string().optional().describe('With `--all`: ISO 8601.'),
    problem: z.string().optional().describe('With `--all`: what is wrong with a damaged one.'),
    trialOf: z.string().optional().describe('With `--all`: the search, matrix or sizing that it was made for.'),
  }),
);

/** Its searches, matrices and sizings. */
export const psStudiesSchema: z.ZodType = z
  .array(
    z.object({
      study: z.string(),
      kind: z.enum(STUDY_KINDS),
      state: z.enum(['working', 'ended', 'unfinished', 'damaged']),
      runs: z.array(z.string()).describe('Those that are there, the newest first.'),
      where: z.string(),
      verdict: z.string().optional(),
      createdAt: z.string().optional(),
      problem: z.string().optional(),
    }),
  )
  .optional()
  .describe('With `--all`: searches, matrices and sizings.');

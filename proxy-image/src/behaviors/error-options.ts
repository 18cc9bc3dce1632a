import * as z from 'zod';
import type { Effect } from './effect.ts';

/** How many bytes `inject` corrupts when it is only switched on: what the ancestor did. */
const INJECTED_BYTES = 100;

type ErrorShape = {
  code: z.ZodOptional<z.ZodUnion<readonly [z.ZodInt, z.ZodString]>>;
  message: z.ZodOptional<z.ZodString>;
  point: z.ZodDefault<z.ZodEnum<{ before: 'before'; forwarded: 'forwarded' }>>;
  inject: z.ZodDefault<z.ZodUnion<readonly [z.ZodBoolean, z.ZodInt]>>;
};

/** The options that every behavior has which answers with an error. */
export const errorOptions: ErrorShape = {
  code: z
    .union([z.int(), z.string()])
    .optional()
    .describe(
      "an error code of the protocol (http: a status, mysql: an errno, postgres: an SQLSTATE); without it the protocol's own default",
    ),
  message: z.string().optional().describe("the text of the error, in which {id} stands for the fault's id"),
  point: z
    .enum(['before', 'forwarded'])
    .default('before')
    .describe('before: the backend never sees the request; forwarded: it does, and its answer is replaced'),
  inject: z
    .union([z.boolean(), z.int().min(1)])
    .default(false)
    .describe('corrupt the answer instead, by so many random bytes in the middle of each piece (true: 100)'),
};

export type ErrorOptions = z.output<z.ZodObject<ErrorShape>>;

/** The effect of one error. */
export function errorEffect({ code, message, point, inject }: ErrorOptions): Effect {
  if (inject !== false) return { kind: 'corrupt', bytes: inject === true ? INJECTED_BYTES : inject };
  return { kind: 'answer', code, message, point };
}

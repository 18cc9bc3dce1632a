import { isIP } from 'node:net';
import type { Selector } from '@loads/core';
import * as z from 'zod';

const FIELD = 'expected fields such as `x-user: ann`';

const fieldsSchema = z.record(z.string().toLowerCase(), z.string());

/** HTTP fields with the text that each has to contain: as a map, or as texts such as `x-user: ann`, as flags give them. */
export const headerSchema: z.ZodType<Readonly<Record<string, string>>, unknown> = z.union(
  [
    fieldsSchema,
    z.union([z.string(), z.array(z.string())]).transform((given, context) => {
      const lines = [given].flat().flatMap((text) => text.split('\n'));
      const fields = lines.map((line) => /^\s*([^\s:]+)\s*:\s*(.*?)\s*$/.exec(line));
      if (fields.every((field) => field !== null))
        return Object.fromEntries(fields.map(([, name = '', text = '']) => [name.toLowerCase(), text]));
      context.addIssue({ code: 'custom', message: FIELD });
      return z.NEVER;
    }),
  ],
  { error: FIELD },
);

/** The schema of `match`: which requests a rule may hit at all. */
export const selectorSchema: z.ZodType<Selector, unknown> = z
  .strictObject({
    operation: z.string().describe('the operation, where `*` stands for any text: `GET /items*`, `INSERT`').optional(),
    client: z
      .string()
      .refine(isNetwork, 'expected an address or a network, such as 10.0.0.7 or 10.0.0.0/8')
      .describe("the client's address or network: `10.0.0.0/8`")
      .optional(),
    header: headerSchema.describe('HTTP fields, each with a text that its value has to contain').optional(),
    every: z.int().min(1).describe('only every nth of these').optional(),
  })
  .describe('which requests it may hit at all; default: any');

function isNetwork(text: string): boolean {
  const [host = '', bits, ...more] = text.split('/');
  const family = isIP(host);
  if (family === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

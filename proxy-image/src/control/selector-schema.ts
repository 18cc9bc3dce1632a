import { isIP } from 'node:net';
import * as z from 'zod';
import type { Selector } from '../proxy/selector.ts';

/** The schema of `match`: which requests a rule may hit at all. */
export const selectorSchema: z.ZodType<Selector, unknown> = z
  .strictObject({
    operation: z.string().describe('the operation, where `*` stands for any text: `GET /items*`, `INSERT`').optional(),
    client: z
      .string()
      .refine(isNetwork, 'expected an address or a network, such as 10.0.0.7 or 10.0.0.0/8')
      .describe("the client's address or network: `10.0.0.0/8`")
      .optional(),
    header: z
      .record(z.string().toLowerCase(), z.string())
      .describe('HTTP fields, each with a text that its value has to contain')
      .optional(),
    every: z.int().min(1).describe('only every nth of these').optional(),
  })
  .describe('which requests it may hit at all; default: any');

function isNetwork(text: string): boolean {
  const [host = '', bits, ...more] = text.split('/');
  const family = isIP(host);
  if (family === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

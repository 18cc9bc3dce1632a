import * as z from 'zod';

/** A request and what came of it, to be read by people: headers by lower-case name, secrets left out, bodies cut. */
export type RequestExample = {
  /** The name that its samples carry. */
  readonly name: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** From its writing on a connection to the end. */
  readonly durationMs: number;
  /** Undefined when no response head came. */
  readonly response?: ResponseExample | undefined;
};

export type ResponseExample = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
};

const headers = z.record(z.string(), z.string());

/** The same at rest. */
export const requestExampleSchema: z.ZodType<RequestExample> = z
  .object({
    name: z.string(),
    method: z.string(),
    url: z.string(),
    headers,
    body: z.string().optional().describe('Its beginning, or what it is.'),
    durationMs: z.number().min(0),
    response: z
      .object({ status: z.int(), headers, body: z.string().optional().describe('Its beginning, or what it is.') })
      .optional()
      .describe('Absent when no response head came.'),
  })
  .meta({ id: 'request', description: 'A request and what came of it, without secrets.' });

import { type InfluxPlan, LoadsError } from '@loads/core';
import * as z from 'zod';

const TIMEOUT_MS = 10_000;

/** A series of an InfluxQL answer: its tags, and its rows as objects; `time` is epoch ms. */
export type QuerySeries = {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
};

export type QueryAnswer = {
  readonly series: readonly QuerySeries[];
  /** What the database takes the time to be, epoch ms, to the second; undefined when it does not say. */
  readonly dateMs?: number | undefined;
};

const answerSchema = z.object({
  results: z.array(
    z.object({
      error: z.string().optional(),
      series: z
        .array(
          z.object({
            name: z.string(),
            tags: z.record(z.string(), z.string()).default({}),
            columns: z.array(z.string()),
            values: z.array(z.array(z.unknown())).default([]),
          }),
        )
        .default([]),
    }),
  ),
});

/**
 * Asks the database in InfluxQL, over the API that 1.8, 2.x and 3 have in common (`/query`; in 2.x it needs a DBRP mapping,
 * which a bucket has by itself under its own name). Throws ERR_DATABASE or ERR_DATABASE_DENIED.
 */
export async function queryInflux({ url, bucket, token }: InfluxPlan, influxql: string): Promise<QueryAnswer> {
  const address = new URL(`${url.replace(/\/$/, '')}/query`);
  address.search = new URLSearchParams({ db: bucket, epoch: 'ms', q: influxql }).toString();
  let response: Response;
  let body: string;
  try {
    const headers = token === '' ? {} : { authorization: `Token ${token}` };
    response = await fetch(address, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    body = await response.text();
  } catch (cause) {
    const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
    const hint = 'start the database, or correct `influx.url`';
    throw new LoadsError('ERR_DATABASE', `${url} does not answer: ${reason}`, { cause, hint });
  }
  if (!response.ok) {
    const denied = response.status < 500 && response.status !== 429;
    const hint = denied ? `the token must be allowed to read \`${bucket}\`, which must exist` : undefined;
    const message = `${url}/query answers ${response.status}: ${body.slice(0, 200).replaceAll(/\s+/g, ' ')}`;
    throw new LoadsError(denied ? 'ERR_DATABASE_DENIED' : 'ERR_DATABASE', message, { hint });
  }
  return { series: readSeries(body, url), dateMs: dateOf(response) };
}

function readSeries(body: string, url: string): readonly QuerySeries[] {
  let parsed: z.infer<typeof answerSchema>;
  try {
    parsed = answerSchema.parse(JSON.parse(body));
  } catch (cause) {
    const hint = 'correct `influx.url`: what answers there does not seem to be InfluxDB';
    throw new LoadsError('ERR_DATABASE_DENIED', `${url}/query gives no InfluxQL answer`, { cause, hint });
  }
  const error = parsed.results.find((result) => result.error !== undefined)?.error;
  if (error !== undefined) throw new LoadsError('ERR_DATABASE_DENIED', `${url}: ${error}`);
  return parsed.results.flatMap(({ series }) =>
    series.map(({ name, tags, columns, values }) => ({
      name,
      tags,
      rows: values.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i]]))),
    })),
  );
}

function dateOf(response: Response): number | undefined {
  const date = Date.parse(response.headers.get('date') ?? '');
  return Number.isNaN(date) ? undefined : date;
}

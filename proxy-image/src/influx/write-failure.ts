import type { HttpError } from '@influxdata/influxdb-client';
import type { InfluxPlan } from '@loads/core';

/**
 * Why a write did not succeed, and so what to do about it: try again `later`; part with lines that are `refused` or
 * `too-large`; or, when the database takes nothing at all from us as we are configured, stop asking (`denied`).
 */
export type WriteFailure = {
  readonly kind: 'later' | 'refused' | 'too-large' | 'denied';
  /** Whether anything answered at all. */
  readonly answered: boolean;
  /** One line, with what the database said. */
  readonly message: string;
  /** How the user can mend it. */
  readonly hint: string;
  /** The database asks not to be asked again before so many ms. */
  readonly retryAfterMs?: number | undefined;
};

const BUSY_HINT = 'the database is overloaded or not there yet';
const LONGEST_RETRY_AFTER_MS = 60_000;

/** Decides on an error of a write, by its HTTP status or, without one, as a database that is not there. */
export function writeFailure(error: unknown, { url, bucket, org }: InfluxPlan, nowMs: number): WriteFailure {
  const said = whatItSaid(error);
  if (!isHttpError(error)) {
    return {
      kind: 'later',
      answered: false,
      message: `${url} does not answer: ${said}`,
      hint: 'start the database, or correct `influx.url`',
    };
  }
  const status = error.statusCode;
  const answer = { answered: true, message: `${url} answers ${status}: ${said}` };
  switch (status) {
    case 400:
    case 422:
      return { kind: 'refused', ...answer, hint: 'these points are not stored: see the log of the database' };
    case 413:
      return {
        kind: 'too-large',
        ...answer,
        hint: 'raise the size of a request that the database, or what stands before it, takes',
      };
    case 401:
    case 403:
      return {
        kind: 'denied',
        ...answer,
        hint: `correct \`influx.token\` (LOADS_INFLUX_TOKEN): it must be allowed to write to \`${bucket}\``,
      };
    case 404: {
      const where = org === '' ? '' : ` of the organisation \`${org}\``;
      return {
        kind: 'denied',
        ...answer,
        hint: `make the bucket \`${bucket}\`${where}, or correct \`influx.url\`, \`bucket\` and \`org\``,
      };
    }
    default:
      if (status === 408 || status === 429 || status >= 500)
        return { kind: 'later', ...answer, hint: BUSY_HINT, retryAfterMs: retryAfterMs(error, nowMs) };
      return {
        kind: 'denied',
        ...answer,
        hint: 'correct `influx.url`: what answers there does not seem to be InfluxDB',
      };
  }
}

/** By its name: its class is loaded with the client only. */
function isHttpError(error: unknown): error is HttpError {
  return error instanceof Error && error.name === 'HttpError';
}

/** The header of RFC 9110, 10.2.3: seconds, or a date. */
function retryAfterMs({ headers }: HttpError, nowMs: number): number | undefined {
  const header = headers?.['retry-after'];
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined || text === '') return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return ms > 0 ? Math.min(ms, LONGEST_RETRY_AFTER_MS) : undefined;
}

function whatItSaid(error: unknown): string {
  // The page of what stands before the database says no more than its status.
  const page = isHttpError(error) && /html/.test(error.contentType ?? '');
  const text = page ? error.statusMessage : error instanceof Error ? error.message : String(error);
  const line = (text ?? '').replaceAll(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 200)}...` : line;
}

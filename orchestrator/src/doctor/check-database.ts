import { setTimeout as sleep } from 'node:timers/promises';
import { formatPoint, type InfluxPlan, LoadsError } from '@loads/core';
import { LineSender } from '@loads/vaurien';
import { databaseError } from '../database/push-run.ts';
import { queryInflux } from '../database/query.ts';
import type { Finding } from './finding.ts';

const MEASUREMENT = 'loads_doctor';
const POLL_MS = 100;
/** The header has whole seconds, and the answer takes its time. */
const SKEW_MS = 2000;

/** Whether the database takes a point and gives it back within some ms, and whether its clock agrees with ours. */
export async function checkDatabase(
  influx: InfluxPlan | undefined,
  host: string,
  now: () => number = Date.now,
  visibleWithinMs = 5000,
): Promise<readonly Finding[]> {
  const check = 'database';
  if (!influx) return [{ check, status: 'ok', message: 'none is configured: results are kept in files only' }];
  const { url, bucket } = influx;
  const atMs = Math.round(now());
  try {
    await write(influx, { host, atMs });
    const dateMs = await readBack(influx, { host, atMs, visibleWithinMs });
    const message = `${url}: a point was written to \`${bucket}\` and read back in InfluxQL`;
    return [{ check, status: 'ok', message }, checkClock(dateMs, now())];
  } catch (error) {
    if (!(error instanceof LoadsError)) throw error;
    const { message, hint, exitCode } = error;
    return [{ check, status: 'fail', message, hint, exitCode }];
  }
}

/** Compares the database's clock (its Date header, epoch ms to the second) with ours. */
export function checkClock(dateMs: number | undefined, nowMs: number): Finding {
  const check = 'clock';
  if (dateMs === undefined) return { check, status: 'ok', message: 'the database does not tell its time' };
  // The header is rounded down.
  const skewMs = nowMs - (dateMs + 500);
  const message = `the clock of the database is ${(Math.abs(skewMs) / 1000).toFixed(1)} s ${skewMs > 0 ? 'behind' : 'ahead of'} ours`;
  if (Math.abs(skewMs) <= SKEW_MS) return { check, status: 'ok', message: 'the clocks agree within 2 s' };
  const hint = 'let NTP set both clocks: points carry the time of the node, dashboards look at the time of the reader';
  return { check, status: 'warn', message, hint };
}

async function write(influx: InfluxPlan, { host, atMs }: { host: string; atMs: number }): Promise<void> {
  const point = { measurement: MEASUREMENT, tags: { host }, fields: { value: atMs }, atMs };
  using sender = new LineSender(influx);
  const { failure, refusal } = await sender.send([formatPoint(point) ?? '']);
  const problem = failure ?? refusal;
  if (problem) throw databaseError(problem);
}

/** Waits until the point can be seen; gives the database's time. */
async function readBack(
  influx: InfluxPlan,
  { host, atMs, visibleWithinMs }: { host: string; atMs: number; visibleWithinMs: number },
): Promise<number | undefined> {
  const quoted = host.replaceAll(/[\\']/g, (character) => `\\${character}`);
  const influxql = `SELECT "value" FROM "${MEASUREMENT}" WHERE "host" = '${quoted}' AND time = ${atMs}ms`;
  for (const untilMs = performance.now() + visibleWithinMs; ; ) {
    const { series, dateMs } = await queryInflux(influx, influxql);
    if (series[0]?.rows.some(({ value }) => value === atMs)) return dateMs;
    if (performance.now() > untilMs) break;
    await sleep(POLL_MS);
  }
  const hint = 'is `bucket` what InfluxQL reads? In InfluxDB 2 it needs a DBRP mapping: influx v1 dbrp create';
  throw new LoadsError('ERR_DATABASE_DENIED', `${influx.url}: the point that was written cannot be read`, { hint });
}

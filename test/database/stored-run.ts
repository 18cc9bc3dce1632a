import type { InfluxServer } from '../servers/influx.ts';

/** The variables of the environment that name a database. */
export function influxEnvironment({ url, bucket, org, token }: InfluxServer): Readonly<Record<string, string>> {
  return {
    LOADS_INFLUX_URL: url,
    LOADS_INFLUX_BUCKET: bucket,
    LOADS_INFLUX_ORG: org,
    LOADS_INFLUX_TOKEN: token,
  };
}

/** What the database holds of a run, by its nodes' own points. */
export type StoredRun = {
  /** By request name. */
  readonly requests: Readonly<Record<string, number>>;
  readonly failed: number;
  /** Samples of `http_req_duration`, and the same from the buckets of the heat map. */
  readonly durations: number;
  readonly inBuckets: number;
  readonly faults: number;
  readonly checks: number;
  /** Samples by the agents' own count. */
  readonly agentStored: number;
  readonly emitted: number;
};

export async function storedRun(database: Pick<InfluxServer, 'query'>, run: string): Promise<StoredRun> {
  const of = `WHERE "run" = '${run}'`;
  const number = async (select: string, measurement: string): Promise<number> => {
    const [row] = await database.query(`SELECT ${select} AS "value" FROM "${measurement}" ${of}`);
    return Number(row?.value ?? 0);
  };
  const overNodes = async (field: string): Promise<number> => {
    const rows = await database.query(`SELECT last("${field}") AS "value" FROM "node_agent" ${of} GROUP BY "node"`);
    return rows.reduce((sum, { value }) => sum + Number(value), 0);
  };
  const names = await database.query(`SELECT sum("sum") AS "value" FROM "http_reqs" ${of} GROUP BY "name"`);
  return {
    requests: Object.fromEntries(names.map(({ name, value }) => [String(name), Number(value)])),
    failed: await number('sum("sum")', 'http_req_failed'),
    durations: await number('sum("count")', 'http_req_duration'),
    inBuckets: await number('sum("count")', 'http_req_duration_bucket'),
    faults: await number('sum("sum")', 'faults'),
    checks: await number('sum("count")', 'checks'),
    agentStored: await overNodes('stored'),
    emitted: await overNodes('emitted'),
  };
}

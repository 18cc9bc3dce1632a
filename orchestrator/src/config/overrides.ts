/** A value that stands over the configuration file's, and the name under which its user knows it (`--workers`). */
export type Override = { readonly value: unknown; readonly origin: string };

/** By top-level key of the configuration. */
export type Overrides = ReadonlyMap<string, Override>;

/** The keys that the environment may set: `LOADS_WORKERS`, `LOADS_GRACEFUL_STOP`, ... */
const FROM_ENVIRONMENT = ['name', 'target', 'nodes', 'workers', 'duration', 'gracefulStop', 'recovery', 'seed'];

/** What `LOADS_*` variables set. `LOADS_INFLUX_URL`, `_BUCKET`, `_ORG` and `_TOKEN` together are `influx`. */
export function environmentOverrides(env: NodeJS.ProcessEnv): Overrides {
  const overrides = new Map<string, Override>();
  for (const key of FROM_ENVIRONMENT) {
    const variable = `LOADS_${key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
    const value = env[variable];
    if (value !== undefined && value !== '') overrides.set(key, { value: numberOrText(value), origin: variable });
  }
  const { LOADS_INFLUX_URL: url, LOADS_INFLUX_BUCKET, LOADS_INFLUX_ORG, LOADS_INFLUX_TOKEN } = env;
  if (url !== undefined && url !== '') {
    const parts = { bucket: LOADS_INFLUX_BUCKET, org: LOADS_INFLUX_ORG, token: LOADS_INFLUX_TOKEN };
    const given = Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
    overrides.set('influx', { value: { url, ...given }, origin: 'LOADS_INFLUX_URL' });
  }
  return overrides;
}

/** A text that is a number becomes one; what is wrong with any other text is for the schema to say. */
export function numberOrText(text: string): number | string {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

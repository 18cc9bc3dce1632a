import { configSchema, type InfluxPlan, LoadsError } from '@loads/core';
import { environmentOverrides, override } from '../config/overrides.ts';

/** A run's database as this machine finds it. */
export function influxHere({ hereUrl, ...influx }: InfluxPlan): InfluxPlan {
  return { ...influx, url: hereUrl ?? influx.url };
}

/**
 * The database to use outside of a run: what a configuration or the plan of a run says, under the `LOADS_INFLUX_*`
 * environment. Undefined when none is configured. Throws ERR_CONFIG.
 */
export function influxSettings(given: unknown, env: NodeJS.ProcessEnv): InfluxPlan | undefined {
  const overrides = environmentOverrides(env).filter(({ path: [key] }) => key === 'influx');
  const { influx } = override(given === undefined ? {} : { influx: given }, overrides);
  const parsed = configSchema.safeParse({ influx });
  if (parsed.success) return parsed.data.influx;
  const lines = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new LoadsError('ERR_CONFIG', lines.join('\n'));
}

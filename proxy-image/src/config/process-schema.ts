import { durationSchema } from '@loads/core';
import * as z from 'zod';

export type LogLevel = 'critical' | 'error' | 'warning' | 'info' | 'debug';

/** What the process as a whole is told. Times in ms. */
export type ProcessSettings = {
  readonly http: boolean;
  readonly http_host: string;
  readonly http_port: number;
  readonly token?: string | undefined;
  readonly seed?: number | undefined;
  readonly faults_log?: string | undefined;
  readonly replay?: string | undefined;
  readonly drain_timeout: number;
  readonly log_level: LogLevel;
  readonly log_output: string;
  readonly statsd: StatsdSettings;
};

export type StatsdSettings = {
  readonly enabled: boolean;
  readonly host: string;
  readonly port: number;
  readonly prefix: string;
  readonly sample_rate: number;
};

const flag = z.boolean({ error: 'expected true or false' }).default(false);
const text = z.string({ error: 'expected a text' });
const port = z.int({ error: 'expected a port' }).min(0).max(65_535);
const levels = z.enum(['critical', 'error', 'warning', 'info', 'debug']);

const statsdShape = {
  enabled: flag.describe('count in statsd'),
  host: text.default('localhost').describe('host of statsd'),
  port: port.default(8125).describe('port of statsd'),
  prefix: text.default('vaurien').describe('what its names begin with'),
  sample_rate: z.number().gt(0).max(1).default(1).describe('share of the counts that is sent; faults always are'),
};

const processShape = {
  http: flag.describe('serve the control API'),
  http_host: text.default('localhost').describe('its host; any but the loopback needs a token'),
  http_port: port.default(8080).describe('its port'),
  token: text.min(1).optional().describe('what callers of the control API have to know'),
  seed: z.int().optional().describe('repeats the faults; default: random, shown'),
  faults_log: text.optional().describe('a file that gets one line of JSON for each fault'),
  replay: text
    .optional()
    .describe('a faults log: its faults strike again, on the same connections and requests, and no others do'),
  drain_timeout: durationSchema.default(10_000).describe('how long connections may take to end after SIGTERM'),
  log_level: text.toLowerCase().pipe(levels).default('info').describe('critical, error, warning, info or debug'),
  log_output: text.default('-').describe('a file for the log; -: stderr'),
};

export const statsdSchema: z.ZodObject = z.object(statsdShape);
export const processSchema: z.ZodType<ProcessSettings, unknown> & { readonly shape: z.core.$ZodShape } = z.object({
  ...processShape,
  statsd: z.object(statsdShape).prefault({}),
});

/** What the ancestor had and nothing needs, with the reason; it is taken and told. */
export const IGNORED: Readonly<Record<string, string>> = {
  sync: 'nothing here waits for another connection',
};

import * as z from 'zod';

const amount = z.number().min(0);

/**
 * What a host tells of itself at one instant. Counters go on from the start of the host. What a host cannot tell is left
 * out.
 */
export type HostSample = {
  readonly version: 1;
  /** s by a clock of the host that nobody sets; where it began does not matter. */
  readonly uptime: number;
  /** CPU time of all cores so far, in ticks of the host's own. `busy` is all but idle and waiting for disks. */
  readonly cpu?: { readonly busy: number; readonly total: number } | undefined;
  /** Bytes so far. */
  readonly network?: { readonly in: number; readonly out: number } | undefined;
  /** Bytes; `used` is what programs could not have. */
  readonly memory?: { readonly used: number; readonly total: number } | undefined;
  /** Bytes. */
  readonly swapUsed?: number | undefined;
  /** Mean number of processes that wanted to run, over a minute. */
  readonly load?: number | undefined;
  /** The values of plug-ins, by the plug-in's name. */
  readonly plugins: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** How many values plug-ins did not give, or gave in vain. */
  readonly refused: number;
};

/** The most values that are taken of a plug-in. */
export const MOST_PLUGIN_VALUES = 50;
/** What plug-ins and their values may be called: both become parts of the name of a metric. */
export const PLUGIN_NAME: RegExp = /^[A-Za-z][A-Za-z0-9_]{0,62}$/;

const pluginName = z.string().regex(PLUGIN_NAME);
const values = z
  .record(pluginName, z.number())
  .refine((given) => Object.keys(given).length <= MOST_PLUGIN_VALUES, 'too many values');

/** The answer of a host: what is no such thing is refused as a whole. Keys that are not known here are let pass. */
export const hostSampleSchema: z.ZodType<HostSample> = z.object({
  version: z.literal(1),
  uptime: amount,
  cpu: z.object({ busy: amount, total: amount }).optional(),
  network: z.object({ in: amount, out: amount }).optional(),
  memory: z.object({ used: amount, total: amount }).optional(),
  swapUsed: amount.optional(),
  load: amount.optional(),
  plugins: z.record(pluginName, values),
  refused: amount,
});

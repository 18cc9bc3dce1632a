/** What an option of a Molotov test comes to. A `key` of the configuration takes its value as it is. */
export type MolotovOption =
  | { readonly kind: 'key'; readonly key: string }
  /** A switch that sets a key to something else than true. */
  | { readonly kind: 'switch'; readonly key: string; readonly value: unknown }
  /** Settled together with others. */
  | { readonly kind: 'own' }
  /** What has no counterpart, and why nothing is missed. */
  | { readonly kind: 'silent'; readonly why: string };

const CONSOLE = { kind: 'silent', why: 'how it shows is for the command line: -q, -v' } as const;
const STATSD = { kind: 'silent', why: "statsd always goes to the node's own agent" } as const;

/** Every option of Molotov 2.7 (and the earlier ones that went), by its key in molotov.json. */
export const MOLOTOV_OPTIONS: ReadonlyMap<string, MolotovOption> = new Map<string, MolotovOption>([
  ['scenario', { kind: 'own' }],
  ['workers', { kind: 'own' }],
  ['processes', { kind: 'own' }],
  ['duration', { kind: 'own' }],
  ['single_run', { kind: 'key', key: 'singleRun' }],
  ['single_mode', { kind: 'key', key: 'singleMode' }],
  ['sizing', { kind: 'key', key: 'sizing' }],
  ['sizing_tolerance', { kind: 'key', key: 'sizingTolerance' }],
  ['ramp_up', { kind: 'key', key: 'rampUp' }],
  ['delay', { kind: 'key', key: 'delay' }],
  ['max_runs', { kind: 'key', key: 'maxRuns' }],
  ['exception', { kind: 'key', key: 'stopOnFailure' }],
  ['fail', { kind: 'key', key: 'fail' }],
  ['use_extension', { kind: 'key', key: 'extensions' }],
  ['force_shutdown', { kind: 'switch', key: 'gracefulStop', value: 0 }],
  ['statsd', STATSD],
  ['statsd_address', STATSD],
  ['statsd_host', STATSD],
  ['statsd_port', STATSD],
  ['console', CONSOLE],
  ['console_update', CONSOLE],
  ['quiet', CONSOLE],
  ['verbose', CONSOLE],
  ['debug', CONSOLE],
  ['uvloop', { kind: 'silent', why: 'Node has its own event loop' }],
  ['disable_dns_resolve', { kind: 'silent', why: 'names are resolved by each connection' }],
]);

/** Whether an option is given at all: in molotov.json a switch that is `false` is one that was not set. */
export function isGiven(value: unknown): boolean {
  return value !== false && value !== null && value !== undefined;
}

import { LoadsError } from '@loads/core';
import { type Command, Option } from 'commander';
import { MOLOTOV_OPTIONS } from '../config/molotov-options.ts';
import type { Override, Overrides } from '../config/overrides.ts';
import { overrideOf } from '../config/overrides.ts';

/** The flags of Molotov and of the first Loads that have another name here, or that mean nothing here. */
export type AncestorFlags = {
  config?: string;
  agents?: string;
  serverUrl?: string;
  console?: boolean;
  consoleUpdate?: string;
  debug?: boolean;
  statsd?: boolean;
  statsdAddress?: string;
  uvloop?: boolean;
  disableDnsResolve?: boolean;
  dnsResolve?: boolean;
  externalProcessTimeout?: string;
  testDir?: string;
  projectName?: string;
  checkCluster?: boolean;
  batched?: boolean;
  patching?: boolean;
  broker?: string;
  zmqReceiver?: string;
  zmqPublisher?: string;
};

const NO_BROKER = 'there is no broker: nodes need nobody';

/** What means nothing here, and why; an option of a molotov.json says that itself. */
const SILENT: readonly (readonly [keyof AncestorFlags, string, string])[] = [
  ['console', '--console', reasonOf('console')],
  ['consoleUpdate', '--console-update', reasonOf('console_update')],
  ['debug', '--debug', reasonOf('debug')],
  ['statsd', '--statsd', reasonOf('statsd')],
  ['statsdAddress', '--statsd-address', reasonOf('statsd_address')],
  ['uvloop', '--uvloop', reasonOf('uvloop')],
  ['disableDnsResolve', '--disable-dns-resolve', reasonOf('disable_dns_resolve')],
  ['batched', '--batched', 'samples are always sent in batches'],
  ['broker', '--broker', NO_BROKER],
  ['zmqReceiver', '--zmq-receiver', NO_BROKER],
  ['zmqPublisher', '--zmq-publisher', NO_BROKER],
];
/** The same of switches that are on unless they are turned off. */
const SILENT_OFF: readonly (readonly [keyof AncestorFlags, string, string])[] = [
  ['dnsResolve', '--no-dns-resolve', reasonOf('disable_dns_resolve')],
  ['patching', '--no-patching', 'nothing is patched'],
];

/** Takes them, so that a command line of theirs is one here; help does not list them. */
export function addAncestorOptions(command: Command): Command {
  const flags = [
    ...['--config <file>', '-a, --agents <n>', '--server-url <url>'],
    ...['-c, --console', '--console-update <seconds>', '--debug', '--statsd', '--statsd-address <url>'],
    ...['--uvloop', '--disable-dns-resolve', '--no-dns-resolve'],
    ...['--external-process-timeout <seconds>', '--test-dir <folder>', '--project-name <name>', '--check-cluster'],
    ...['--batched', '--no-patching', '-b, --broker <endpoint>'],
    ...['--zmq-receiver <endpoint>', '--zmq-publisher <endpoint>'],
  ];
  return flags.reduce((all, one) => all.addOption(new Option(one).hideHelp()), command);
}

/** What is to be run: as Molotov has it, what follows `--config FILE` is the name of one of its tests. Throws ERR_USAGE. */
export function configuredTest<Flags extends AncestorFlags & { run?: string }>(
  file: string | undefined,
  flags: Flags,
): { readonly file: string | undefined; readonly flags: Flags } {
  const { config } = flags;
  if (config === undefined) return { file, flags };
  if (file !== undefined && flags.run !== undefined)
    throw new LoadsError('ERR_USAGE', `${file} and --run ${flags.run} are two names of what is to be run`);
  return { file: config, flags: { ...flags, ...(file !== undefined && { run: file }) } };
}

/** What they set. */
export function ancestorOverrides({
  agents,
  serverUrl,
  projectName,
  externalProcessTimeout,
}: AncestorFlags): Overrides {
  const texts = [
    ['nodes', '--agents', agents],
    ['target', '--server-url', serverUrl],
    ['name', '--project-name', projectName],
    ['commandOvertime', '--external-process-timeout', externalProcessTimeout],
  ] as const;
  return texts.flatMap(([key, origin, text]): readonly Override[] =>
    text === undefined ? [] : [overrideOf([key], text, origin)],
  );
}

/** A line that names what means nothing here, and why nothing is missed; undefined when there is no such flag. */
export function ancestorNote(flags: AncestorFlags): string | undefined {
  const given = [
    ...SILENT.filter(([name]) => flags[name] !== undefined),
    ...SILENT_OFF.filter(([name]) => flags[name] === false),
  ];
  const reasons = given.map(([, flag, why]) => `${flag} (${why})`);
  return reasons.length === 0 ? undefined : `without effect: ${reasons.join('; ')}`;
}

/** Why an option of a molotov.json has no effect. */
function reasonOf(key: string): string {
  const option = MOLOTOV_OPTIONS.get(key);
  return option?.kind === 'silent' ? option.why : '';
}

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
};

/** What means nothing here, by its key in molotov.json, which says why. */
const SILENT: readonly (readonly [keyof AncestorFlags, string, string])[] = [
  ['console', '--console', 'console'],
  ['consoleUpdate', '--console-update', 'console_update'],
  ['debug', '--debug', 'debug'],
  ['statsd', '--statsd', 'statsd'],
  ['statsdAddress', '--statsd-address', 'statsd_address'],
  ['uvloop', '--uvloop', 'uvloop'],
  ['disableDnsResolve', '--disable-dns-resolve', 'disable_dns_resolve'],
];

/** Takes them, so that a command line of theirs is one here; help does not list them. */
export function addAncestorOptions(command: Command): Command {
  const flags = [
    ...['--config <file>', '-a, --agents <n>', '--server-url <url>'],
    ...['-c, --console', '--console-update <seconds>', '--debug', '--statsd', '--statsd-address <url>'],
    ...['--uvloop', '--disable-dns-resolve', '--no-dns-resolve'],
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
export function ancestorOverrides({ agents, serverUrl }: AncestorFlags): Overrides {
  const texts = [
    ['nodes', '--agents', agents],
    ['target', '--server-url', serverUrl],
  ] as const;
  return texts.flatMap(([key, origin, text]): readonly Override[] =>
    text === undefined ? [] : [overrideOf([key], text, origin)],
  );
}

/** A line that names what means nothing here, and why nothing is missed; undefined when there is no such flag. */
export function ancestorNote(flags: AncestorFlags): string | undefined {
  const given = SILENT.filter(([name]) => flags[name] !== undefined).map(([, flag, key]) => ({ flag, key }));
  if (flags.dnsResolve === false) given.push({ flag: '--no-dns-resolve', key: 'disable_dns_resolve' });
  const reasons = given.map(({ flag, key }) => {
    const option = MOLOTOV_OPTIONS.get(key);
    return option?.kind === 'silent' ? `${flag} (${option.why})` : flag;
  });
  return reasons.length === 0 ? undefined : `without effect: ${reasons.join('; ')}`;
}

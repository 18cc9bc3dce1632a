import { resolve } from 'node:path';
import { isGiven } from './molotov-options.ts';

/** Options of how Molotov itself shows and reports, which are set for all nodes. */
const OURS: readonly string[] = [
  'scenario',
  'statsd',
  'statsd_address',
  'statsd_host',
  'statsd_port',
  'console',
  'version',
];

/**
 * Molotov's own entry, with its statsd going to the node's agent: where that listens is known on the node only. Python's
 * -c puts the current folder on its path, as the command `molotov` does.
 */
const ENTRY = [
  'import os, sys',
  'from molotov.run import main',
  'address = "udp://%s:%s" % (os.environ["STATSD_HOST"], os.environ["STATSD_PORT"])',
  'sys.argv += ["--console", "--statsd", "--statsd-address", address]',
  'sys.exit(main())',
].join('; ');

/** Whether a scenario of molotov.json is a Python file or module, for Molotov itself to run. */
export function isPython(scenario: string): boolean {
  return !/\.(ts|mts|js|mjs)$/.test(scenario);
}

/** The command that runs a test with Molotov itself, flags and values as the file has them; false flags are left out. */
export function molotovCommand(
  test: Readonly<Record<string, unknown>>,
  scenario: string,
  { python, directory }: { readonly python: string; readonly directory: string },
): readonly string[] {
  const script = scenario.endsWith('.py') ? resolve(directory, scenario) : scenario;
  return [python, '-c', ENTRY, script, ...Object.entries(test).flatMap(([key, value]) => flagOf(key, value))];
}

function flagOf(key: string, value: unknown): readonly string[] {
  if (OURS.includes(key) || !isGiven(value)) return [];
  const flag = `--${key.replaceAll('_', '-')}`;
  if (value === true) return [flag];
  return [flag, ...(Array.isArray(value) ? value : [value]).map(String)];
}

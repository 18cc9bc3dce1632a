import { didYouMean, LoadsError, type Problem } from '@loads/core';
import { isPython, molotovCommand } from './molotov-command.ts';
import { isGiven, MOLOTOV_OPTIONS } from './molotov-options.ts';
import { chooseRun } from './named-runs.ts';
import { type ConfigSource, MOLOTOV, withAbsoluteScenario } from './read-config.ts';

/** Molotov's own defaults: the script, the test, and a day, in seconds. */
const DEFAULT_SCENARIO = 'loadtest.py';
const DEFAULT_TEST = 'test';
const DEFAULT_DURATION = 86_400;

/** Whether a configuration is a molotov.json. */
export function isMolotov({ content }: ConfigSource): boolean {
  return Object.hasOwn(content, MOLOTOV);
}

/** The file with Python's packages that a molotov.json asks for. */
export function requirementsOf({ content }: ConfigSource): string | undefined {
  const { requirements } = mapOf(content[MOLOTOV]);
  return typeof requirements === 'string' ? requirements : undefined;
}

/** The names of a molotov.json's tests. */
export function testNames({ content }: ConfigSource): readonly string[] {
  return Object.keys(mapOf(mapOf(content[MOLOTOV]).tests));
}

/**
 * Reads one test of a molotov.json as a configuration. It makes the load that it made under Molotov: `workers` are those
 * of each process, and without a duration it runs for a day. A scenario in TypeScript or JavaScript is run by Loads, one
 * in Python by Molotov itself (`python`). Throws ERR_USAGE for a test that is not there.
 */
export function molotovSource(source: ConfigSource, asked: string | undefined, python = 'python3'): ConfigSource {
  const root = mapOf(source.content[MOLOTOV]);
  const names = testNames(source);
  if (names.length === 0)
    throw new LoadsError('ERR_CONFIG', `${source.placeOf([MOLOTOV])} expected \`tests\` by their names`);
  const usual = asked === undefined && names.includes(DEFAULT_TEST) ? DEFAULT_TEST : asked;
  const name = chooseRun(source.name, names, usual);
  const test = mapOf(mapOf(root.tests)[name]);
  const places = new Map<string, string>();
  const scenario = test.scenario ?? DEFAULT_SCENARIO;
  const common = { name: nameOf(name), ...(root.env !== undefined && { env: root.env }) };
  const own =
    typeof scenario === 'string' && isPython(scenario)
      ? { command: molotovCommand(test, scenario, { python, directory: source.directory }) }
      : withAbsoluteScenario({ scenario, ...keysOf(test, places) }, source.directory);
  return {
    ...source,
    content: { ...common, ...own },
    placeOf([key = '', ...inner]) {
      const shared = Object.hasOwn(root, key) && !Object.hasOwn(test, key);
      const path = shared ? [key] : ['tests', name, places.get(String(key)) ?? key];
      return source.placeOf([MOLOTOV, ...path, ...inner]);
    },
    problems: [...source.problems, ...unknownOptions(test), ...unknownKeys(root)],
    notes: 'command' in own ? notesOfPython(root) : notesOf(test, root),
  };
}

/** The options as keys; `places` learns which option a key comes from. */
function keysOf(
  test: Readonly<Record<string, unknown>>,
  places: Map<string, string>,
): Readonly<Record<string, unknown>> {
  const keys: Record<string, unknown> = {};
  for (const [option, value] of Object.entries(test)) {
    const known = MOLOTOV_OPTIONS.get(option);
    if (!isGiven(value) || known === undefined || known.kind === 'own' || known.kind === 'silent') continue;
    keys[known.key] = known.kind === 'key' ? value : known.value;
    places.set(known.key, option);
  }
  if (isGiven(test.sizing)) return sizingKeys(keys, test);
  delete keys.sizingTolerance;
  const { workers, processes, duration } = test;
  const many = isGiven(processes) ? processes : 1;
  const own = isGiven(workers) ? workers : 1;
  keys.workers = typeof own === 'number' && typeof many === 'number' ? own * many : own;
  if (isGiven(processes)) keys.processes = processes;
  if (keys.singleRun === undefined) keys.duration = isGiven(duration) ? duration : DEFAULT_DURATION;
  return keys;
}

/** A sizing has a length of its own: Molotov's day, and its ramp over all of it, would be those of every trial here. */
function sizingKeys(
  { rampUp: _, ...keys }: Readonly<Record<string, unknown>>,
  { workers, processes, duration }: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const many = isGiven(processes) ? processes : 1;
  return {
    ...keys,
    ...(isGiven(workers) && {
      workers: typeof workers === 'number' && typeof many === 'number' ? workers * many : workers,
    }),
    ...(isGiven(processes) && { processes }),
    ...(isGiven(duration) && { duration }),
  };
}

function unknownOptions(test: Readonly<Record<string, unknown>>): readonly Problem[] {
  const known = [...MOLOTOV_OPTIONS.keys()];
  return Object.keys(test)
    .filter((option) => !MOLOTOV_OPTIONS.has(option) && option !== 'version' && option !== 'config')
    .map((option) => {
      const near = didYouMean(option, known);
      return { path: [option], message: `Molotov has no option '${option}'${near ? `; did you mean '${near}'?` : ''}` };
    });
}

function unknownKeys(root: Readonly<Record<string, unknown>>): readonly Problem[] {
  const known = ['env', 'requirements', 'tests'];
  return Object.keys(root)
    .filter((key) => !known.includes(key))
    .map((key) => ({ path: [key], message: `expected ${known.join(', ')}` }));
}

/** One line that names all that says nothing here, each group with its reason. */
function notesOf(
  test: Readonly<Record<string, unknown>>,
  { requirements }: Readonly<Record<string, unknown>>,
): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const [option, value] of Object.entries(test)) {
    const known = MOLOTOV_OPTIONS.get(option);
    if (known?.kind !== 'silent' || !isGiven(value)) continue;
    groups.set(known.why, [...(groups.get(known.why) ?? []), option]);
  }
  if (isGiven(test.sizing) && isGiven(test.ramp_up)) groups.set('a sizing ramps each of its trials', ['ramp_up']);
  if (requirements !== undefined) groups.set('they are packages of Python', ['requirements']);
  if (groups.size === 0) return [];
  const parts = Array.from(groups, ([why, options]) => `${options.join(', ')} (${why})`);
  return [`molotov.json: without effect here: ${parts.join('; ')}`];
}

function notesOfPython({ requirements }: Readonly<Record<string, unknown>>): readonly string[] {
  const packages = requirements === undefined ? '' : `, which needs ${String(requirements)} installed`;
  return [`molotov.json: the scenario is Python and is run by Molotov itself on every node${packages}`];
}

function nameOf(test: string): string {
  return test.replaceAll(/[^A-Za-z0-9_.-]/g, '-').replace(/^[^A-Za-z]+/, '') || 'molotov';
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

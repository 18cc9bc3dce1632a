import { basename } from 'node:path';
import { didYouMean, LoadsError, type Problem } from '@loads/core';
import { withoutReplaced } from './layers.ts';
import { type Override, override } from './overrides.ts';
import { type ConfigSource, withAbsoluteScenario } from './read-config.ts';

/** What is a map by names, and so is merged name by name. */
const MAPS: readonly string[] = ['env', 'proxies', 'thresholds', 'influx', 'scenarios', 'docker'];
/** The run that is meant when none is named and there are several. */
const DEFAULT_RUN = 'default';
/** The keys that say what is run: one replaces the other. */
const SOURCES: readonly string[] = ['scenario', 'command'];

/** The names of a configuration's runs; none where it is one run by itself. */
export function runNames({ content: { runs } }: ConfigSource): readonly string[] {
  return isMap(runs) ? Object.keys(runs) : [];
}

/**
 * The configuration of one named run: what the file says for all runs, with the run's own keys over it. Without a name it
 * is the only run there is. A configuration without `runs` is given back as it is. Throws ERR_USAGE.
 */
export function selectRun(source: ConfigSource, asked: string | undefined): ConfigSource {
  const { runs, ...shared } = source.content;
  const names = runNames(source);
  if (runs === undefined) {
    if (asked === undefined) return source;
    throw new LoadsError('ERR_USAGE', `${source.name} has no \`runs\`, and so none called '${asked}'`);
  }
  if (!isMap(runs) || names.length === 0) return refused(source, shared, ['runs'], 'expected runs by their names');
  const name = chooseRun(source.name, names, asked);
  const own = runs[name];
  const content = { ...shared, name: nameOf(shared, source.name, name) };
  if (!isMap(own)) return refused(source, content, ['runs', name], 'expected keys of a run');
  if (own.runs !== undefined) return refused(source, content, ['runs', name, 'runs'], 'a run has no runs of its own');
  const layer = withAbsoluteScenario(own, source.directory);
  const overrides = Object.entries(layer).flatMap(([key, value]) => layerOf(key, value));
  const below = Object.fromEntries(Object.entries(content).filter(([key]) => !replacesSource(key, own)));
  return {
    ...source,
    content: { ...override(withoutReplaced(below, overrides), overrides) },
    placeOf: (path) => source.placeOf(holds(own, path) ? ['runs', name, ...path] : path),
    problems: source.problems.flatMap((problem) => problemOf(problem, name, own)),
  };
}

/** The name of the run that is meant. Throws ERR_USAGE. */
export function chooseRun(file: string, names: readonly string[], asked: string | undefined): string {
  const [only, ...more] = names;
  if (asked === undefined && only !== undefined && more.length === 0) return only;
  if (asked === undefined && names.includes(DEFAULT_RUN)) return DEFAULT_RUN;
  if (asked === undefined) {
    const hint = `name one of them: --run ${only}`;
    throw new LoadsError('ERR_USAGE', `${file} has several runs: ${names.join(', ')}`, { hint });
  }
  if (names.includes(asked)) return asked;
  const near = didYouMean(asked, names);
  const choice = near ? `did you mean '${near}'?` : `there are ${names.join(', ')}`;
  throw new LoadsError('ERR_USAGE', `${file} has no run '${asked}'; ${choice}`, { hint: undefined });
}

/** `shop-big`: the project and the run. What a run says of its own name stands over it. */
function nameOf({ name, scenario }: Readonly<Record<string, unknown>>, file: string, run: string): unknown {
  if (name !== undefined && typeof name !== 'string') return name;
  const project = name ?? basename(typeof scenario === 'string' ? scenario : file).replace(/\.[^.]*$/, '');
  return `${project}-${run}`.replaceAll(/[^A-Za-z0-9_.-]/g, '-').replace(/^[^A-Za-z]+/, '') || 'run';
}

function layerOf(key: string, value: unknown): readonly Override[] {
  if (!MAPS.includes(key) || !isMap(value)) return [{ path: [key], value, origin: '' }];
  return Object.entries(value).map(([name, inner]) => ({ path: [key, name], value: inner, origin: '' }) as const);
}

function replacesSource(key: string, own: Readonly<Record<string, unknown>>): boolean {
  return SOURCES.includes(key) && SOURCES.some((source) => own[source] !== undefined);
}

/** What could not be read matters where this run uses it. */
function problemOf(
  { path, message }: Problem,
  name: string,
  own: Readonly<Record<string, unknown>>,
): readonly Problem[] {
  const [first, run, ...inner] = path;
  if (first === 'runs') return run === name ? [{ path: inner, message }] : [];
  return holds(own, path) ? [] : [{ path, message }];
}

function refused(
  source: ConfigSource,
  content: Readonly<Record<string, unknown>>,
  path: Problem['path'],
  message: string,
): ConfigSource {
  return { ...source, content: { ...content }, problems: [...source.problems, { path, message }] };
}

function holds(content: Readonly<Record<string, unknown>>, path: readonly (string | number)[]): boolean {
  let at: unknown = content;
  for (const key of path)
    at = typeof at === 'object' && at !== null ? (at as Record<string | number, unknown>)[key] : undefined;
  return path.length > 0 && at !== undefined;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

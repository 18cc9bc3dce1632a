import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { formatPath, type LAUNCHERS, LoadsError, type Problem, parsePlan, type RunPlan } from '@loads/core';
import { faultCatalog } from '@loads/vaurien';
import type { DockerSettings } from '../launch/docker/docker-settings.ts';
import type { DeclaredScenarios } from '../preflight/inspect-scenario.ts';
import { dockerSettings, loopbackProblems, withDockerValues, withInfluxHere } from './docker-section.ts';
import { withExtensionPaths } from './extension-paths.ts';
import { withoutReplaced } from './layers.ts';
import { loadConfigPlugins } from './load-plugins.ts';
import { isMolotov, molotovSource } from './molotov-config.ts';
import { withMonitorTokens } from './monitor-tokens.ts';
import { selectRun } from './named-runs.ts';
import { environmentOverrides, type Overrides, override, overrideAt } from './overrides.ts';
import { withPortablePlugins } from './portable-plugins.ts';
import { type ConfigSource, isConfigFile, readConfig } from './read-config.ts';
import { optionOverrides, optionProblems, unknownScenarios } from './scenario-options.ts';

export type PlanRequest = {
  /** A configuration or a scenario file. */
  readonly file?: string | undefined;
  /** Which of the configuration's runs. */
  readonly run?: string | undefined;
  /** What runs Python's scenarios. Default: `python3` of the PATH. */
  readonly python?: string | undefined;
  /** The foreign program, with its arguments. */
  readonly command?: readonly string[] | undefined;
  /** What the flags set. */
  readonly flags: Overrides;
  readonly env: NodeJS.ProcessEnv;
  readonly defaultSeed: number;
  /** Loads the scenario file in a process of its own, to learn what it declares and exports as `options`. */
  readonly inspect?: InspectScenario | undefined;
  /** Told, as soon as it is known, on which container engines the nodes will be: others can be made ready meanwhile. */
  readonly onEngines?: ((hosts: readonly string[]) => void) | undefined;
};

/** Throws ERR_SCENARIO_LOAD for a file that cannot be loaded. */
export type InspectScenario = (
  file: string,
  env: NodeJS.ProcessEnv,
  extensions: readonly string[],
) => Promise<DeclaredScenarios>;

/** A plan, and where its nodes are to run. */
export type LoadedRun = {
  readonly plan: RunPlan;
  readonly on: (typeof LAUNCHERS)[number];
  readonly docker: DockerSettings;
  /** The folder of the configuration or of the scenario, or the current one for a command without a configuration. */
  readonly directory: string;
  /** Whether `directory` is a configuration's. */
  readonly configured: boolean;
  /** What the user should know of how the configuration was read. */
  readonly notes: readonly string[];
};

/** The plan alone, see `loadRun`. */
export async function loadPlan(request: PlanRequest): Promise<RunPlan> {
  return (await loadRun(request)).plan;
}

/**
 * The plan of a run: defaults < configuration file < the scenario's `options` < `LOADS_*` environment < flags, validated
 * once. Throws ERR_CONFIG with every problem on a line of its own (`loads.yml:7:3 proxies.web.behavior: ...`),
 * ERR_FILE_MISSING, ERR_USAGE, or ERR_SCENARIO_LOAD.
 */
export async function loadRun(request: PlanRequest): Promise<LoadedRun> {
  const { flags, env, defaultSeed } = request;
  const given = await sourceOf(request);
  const environment = environmentOverrides(env);
  const { on, docker: section } = override(given.content, [...environment, ...flags]);
  const inContainers = on === 'docker';
  const foreseen = dockerSettings(section);
  if (inContainers && 'settings' in foreseen) request.onEngines?.(foreseen.settings.hosts);
  const source = inContainers ? withDockerValues(given) : given;
  const variables = withDatabase(source.content, [...environment, ...flags])
    ? environment
    : environment.filter(ofNoDatabase);
  const below = withExtensionPaths(source.content, source.directory);
  const { declared, error } = await look(request, applied(below, [variables, flags]));
  const layers = [optionOverrides(declared?.file ?? '', declared?.options), variables, flags];
  const overrides = layers.flat();
  const { plugins, problems: unloaded } = await loadConfigPlugins(source.content.plugins, source.directory);
  const catalog = faultCatalog((path) => readFileSync(resolve(source.directory, path), 'utf8'));
  const content = withMonitorTokens(applied(below, layers), env);
  const parsed = parsePlan(content, { catalog, defaultSeed });
  const docker = dockerSettings(content.docker);
  const unread = source.problems.filter(({ path }) => !overrideAt(overrides, path));
  const unfit = declared && 'plan' in parsed ? unknownScenarios(parsed.plan, declared) : [];
  const refused = optionProblems(declared?.options);
  const found = [...unloaded, ...('problems' in parsed ? parsed.problems : []), ...unfit, ...refused];
  if ('problems' in docker) found.push(...docker.problems);
  else if (inContainers && 'plan' in parsed) found.push(...loopbackProblems(parsed.plan, docker.settings.network));
  // What could not be read has no value that could be right.
  const problems = [...unread, ...found.filter((problem) => !unread.some((one) => samePath(one, problem)))];
  if (!('plan' in parsed) || !('settings' in docker) || problems.length > 0)
    throw configError(problems, source, overrides);
  if (error !== undefined) throw error;
  const { scenario } = parsed.plan;
  if (scenario.kind === 'script') await mustExist(scenario.file, source);
  const moved = inContainers && !overrideAt(overrides, ['influx', 'url']);
  const reached = moved ? withInfluxHere(parsed.plan, given.content) : parsed.plan;
  const plan = plugins.length > 0 ? await withPortablePlugins({ ...reached, plugins }) : reached;
  const configured = request.file !== undefined && isConfigFile(request.file);
  const script = scenario.kind === 'script' && !configured;
  const directory = script ? dirname(scenario.file) : resolve(source.directory);
  return {
    plan,
    on: inContainers ? 'docker' : 'process',
    docker: docker.settings,
    directory,
    configured,
    notes: given.notes ?? [],
  };
}

/** Whether something says where a database is: a token in the environment alone is no wish for one. */
function withDatabase(content: Readonly<Record<string, unknown>>, overrides: Overrides): boolean {
  const { influx } = override(content, overrides);
  return typeof influx === 'object' && influx !== null && 'url' in influx;
}

function ofNoDatabase({ path: [key] }: Overrides[number]): boolean {
  return key !== 'influx';
}

/** The content of a file with layer over layer. */
function applied(
  content: Readonly<Record<string, unknown>>,
  layers: readonly Overrides[],
): Readonly<Record<string, unknown>> {
  return layers.reduce((below, layer) => override(withoutReplaced(below, layer), layer), content);
}

type Look = { readonly declared?: DeclaredScenarios & { readonly file: string }; readonly error?: unknown };

/** What the scenario file declares. What is wrong with it matters only where the configuration is sound. */
async function look({ inspect, env }: PlanRequest, content: Readonly<Record<string, unknown>>): Promise<Look> {
  const { scenario: file, command, extensions = [] } = content;
  if (!inspect || typeof file !== 'string' || command !== undefined) return {};
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) return {};
  const own = typeof content.env === 'object' ? Object.entries(content.env ?? {}) : [];
  const given = Object.fromEntries(own.map(([name, value]) => [name, String(value)]));
  const modules = Array.isArray(extensions) ? extensions.map(String) : [];
  try {
    return { declared: { file, ...(await inspect(file, { ...env, ...given }, modules)) } };
  } catch (error) {
    return { error };
  }
}

async function sourceOf({ file, run, python, command, env }: PlanRequest): Promise<ConfigSource> {
  const none = { name: '', problems: [], directory: process.cwd(), placeOf: () => '' };
  if (run !== undefined && (file === undefined || !isConfigFile(file)))
    throw new LoadsError('ERR_USAGE', `--run ${run} needs a configuration with runs`, { hint: 'such as loads.yml' });
  if (command?.length === 0) throw new LoadsError('ERR_USAGE', 'there is no command after `--`');
  if (command && file === undefined) return { ...none, content: { command } };
  if (file === undefined)
    throw new LoadsError('ERR_USAGE', 'nothing to run: give a scenario file, a loads.yml, or `-- command`');
  if (!isConfigFile(file)) {
    if (command) throw new LoadsError('ERR_USAGE', `there are two things to run: ${file}, and what follows \`--\``);
    return { ...none, content: { scenario: resolve(file) } };
  }
  const read = await readConfig(file, env);
  const source = isMolotov(read) ? molotovSource(read, run, python) : selectRun(read, run);
  if (!command) return source;
  const { scenario: _, ...content } = source.content;
  const problems = source.problems.filter(({ path }) => path[0] !== 'scenario' && path[0] !== 'command');
  return { ...source, problems, content: { ...content, command } };
}

function samePath(a: Problem, b: Problem): boolean {
  return formatPath(a.path) === formatPath(b.path);
}

function configError(problems: readonly Problem[], source: ConfigSource, overrides: Overrides): LoadsError {
  const lines = problems.map(({ path, message }) => {
    const overriding = overrideAt(overrides, path);
    if (overriding) {
      const inner = overriding.nested ? formatPath(['', ...path.slice(overriding.path.length)]) : '';
      return `${overriding.origin}${inner}: ${message}`;
    }
    const place = source.placeOf(path);
    const key = formatPath(path);
    return [place, key === '' ? message : `${key}: ${message}`].filter((part) => part !== '').join(' ');
  });
  return new LoadsError('ERR_CONFIG', [...new Set(lines)].join('\n'));
}

async function mustExist(file: string, source: ConfigSource): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile()) return;
  const place = source.placeOf(['scenario']);
  const message = found ? `${basename(file)} is no file` : `there is no scenario file ${file}`;
  throw new LoadsError('ERR_FILE_MISSING', place === '' ? message : `${place} scenario: ${message}`);
}

import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { formatPath, LoadsError, type Problem, parsePlan, type RunPlan } from '@loads/core';
import { parseBehaviors, protocols } from '@loads/vaurien';
import { environmentOverrides, type Overrides } from './overrides.ts';
import { type ConfigSource, isConfigFile, readConfig } from './read-config.ts';

export type PlanRequest = {
  /** A configuration or a scenario file. */
  readonly file?: string | undefined;
  /** The foreign program, with its arguments. */
  readonly command?: readonly string[] | undefined;
  /** What the flags set. */
  readonly flags: Overrides;
  readonly env: NodeJS.ProcessEnv;
  readonly defaultSeed: number;
};

/**
 * The plan of a run: defaults < configuration file < `LOADS_*` environment < flags, validated once. Throws ERR_CONFIG
 * with every problem on a line of its own (`loads.yml:7:3 proxies.web.behavior: ...`), ERR_FILE_MISSING or ERR_USAGE.
 */
export async function loadPlan(request: PlanRequest): Promise<RunPlan> {
  const { flags, env, defaultSeed } = request;
  const source = await sourceOf(request);
  const overrides = new Map([...environmentOverrides(env), ...flags]);
  const config = { ...source.content };
  for (const [key, { value }] of overrides) config[key] = merged(config[key], value);
  const catalog = { protocols: [...protocols.keys()], parse: parseBehaviors };
  const parsed = parsePlan(config, { catalog, defaultSeed });
  const problems = [...source.problems, ...('problems' in parsed ? parsed.problems : [])];
  if (!('plan' in parsed) || problems.length > 0) throw configError(problems, source, overrides);
  const { scenario } = parsed.plan;
  if (scenario.kind === 'script') await mustExist(scenario.file, source, overrides);
  return parsed.plan;
}

async function sourceOf({ file, command, env }: PlanRequest): Promise<ConfigSource> {
  const none = { problems: [], placeOf: () => '' };
  if (command && file === undefined) return { ...none, content: { command } };
  if (file === undefined)
    throw new LoadsError('ERR_USAGE', 'nothing to run: give a scenario file, a loads.yml, or `-- command`');
  if (!isConfigFile(file)) return { ...none, content: { scenario: resolve(file) } };
  const source = await readConfig(file, env);
  if (!command) return source;
  const { scenario: _, ...content } = source.content;
  return { ...source, content: { ...content, command } };
}

/** Variables of the environment add to those of the file; any other value replaces it. */
function merged(below: unknown, above: unknown): unknown {
  const both = [below, above].every((value) => value !== null && typeof value === 'object' && !Array.isArray(value));
  return both ? { ...(below as object), ...(above as object) } : above;
}

function configError(problems: readonly Problem[], source: ConfigSource, overrides: Overrides): LoadsError {
  const lines = problems.map(({ path, message }) => {
    const override = overrides.get(String(path[0]));
    if (override) return `${override.origin}: ${message}`;
    const place = source.placeOf(path);
    const key = formatPath(path);
    return [place, key === '' ? message : `${key}: ${message}`].filter((part) => part !== '').join(' ');
  });
  return new LoadsError('ERR_CONFIG', [...new Set(lines)].join('\n'));
}

async function mustExist(file: string, source: ConfigSource, overrides: Overrides): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile()) return;
  const place = overrides.has('scenario') ? '' : source.placeOf(['scenario']);
  const message = found ? `${basename(file)} is no file` : `there is no scenario file ${file}`;
  throw new LoadsError('ERR_FILE_MISSING', place === '' ? message : `${place} scenario: ${message}`);
}

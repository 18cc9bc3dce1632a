import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { formatPath, LoadsError, type Problem, parsePlan, type RunPlan } from '@loads/core';
import { parseBehaviors, protocols } from '@loads/vaurien';
import { environmentOverrides, type Overrides, override, overrideAt } from './overrides.ts';
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
  const overrides = [...environmentOverrides(env), ...flags];
  const catalog = { protocols: [...protocols.keys()], parse: parseBehaviors };
  const parsed = parsePlan(override(source.content, overrides), { catalog, defaultSeed });
  const unread = source.problems.filter(({ path }) => !overrideAt(overrides, path));
  const found = 'problems' in parsed ? parsed.problems : [];
  // What could not be read has no value that could be right.
  const problems = [...unread, ...found.filter((problem) => !unread.some((one) => samePath(one, problem)))];
  if (!('plan' in parsed) || problems.length > 0) throw configError(problems, source, overrides);
  const { scenario } = parsed.plan;
  if (scenario.kind === 'script') await mustExist(scenario.file, source);
  return parsed.plan;
}

async function sourceOf({ file, command, env }: PlanRequest): Promise<ConfigSource> {
  const none = { problems: [], placeOf: () => '' };
  if (command?.length === 0) throw new LoadsError('ERR_USAGE', 'there is no command after `--`');
  if (command && file === undefined) return { ...none, content: { command } };
  if (file === undefined)
    throw new LoadsError('ERR_USAGE', 'nothing to run: give a scenario file, a loads.yml, or `-- command`');
  if (!isConfigFile(file)) {
    if (command) throw new LoadsError('ERR_USAGE', `there are two things to run: ${file}, and what follows \`--\``);
    return { ...none, content: { scenario: resolve(file) } };
  }
  const source = await readConfig(file, env);
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
    if (overriding) return `${overriding.origin}: ${message}`;
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

import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { LoadsError } from '@loads/core';
import type { Environment } from './config-text.ts';
import type { Given } from './given.ts';
import { readIniConfig } from './ini-config.ts';
import { readYamlConfig } from './yaml-config.ts';

/** A plug-in that is to be loaded, and the folder that its path is relative to. */
export type PluginSource = { readonly source: string; readonly directory: string };

export type ConfigFile = {
  /** Those of the files that it extends come first. */
  readonly given: readonly Given[];
  readonly plugins: readonly PluginSource[];
  readonly problems: readonly string[];
};

/**
 * Reads a configuration, an ini file or YAML (of which JSON is a part), and the files that it extends. Throws
 * ERR_FILE_MISSING, or ERR_CONFIG for what cannot be read at all.
 */
export async function readConfigFile(
  file: string,
  env: Environment,
  above: readonly string[] = [],
): Promise<ConfigFile> {
  const path = resolve(file);
  if (above.includes(path)) throw new LoadsError('ERR_CONFIG', `${file} extends itself`);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw new LoadsError('ERR_FILE_MISSING', missing ? `there is no file ${file}` : `${file} cannot be read`, {
      cause,
    });
  });
  const directory = dirname(path);
  const { given, base, plugins, problems } = /\.(ya?ml|json)$/i.test(path)
    ? readYamlConfig(text, file, env)
    : readIniConfig(text, file, env);
  const sources = plugins.map((source) => ({ source, directory }));
  if (base === undefined) return { given, plugins: sources, problems };
  const under = await readConfigFile(resolve(directory, base), env, [...above, path]);
  return {
    given: [...under.given, ...given],
    plugins: [...under.plugins, ...sources],
    problems: [...under.problems, ...problems],
  };
}

import { LoadsError } from '@loads/core';
import { type ConfigFile, readConfigFile } from '../config/config-file.ts';
import type { Environment } from '../config/config-text.ts';
import { GivenValues } from '../config/given.ts';
import { readSettings, type Settings } from '../config/settings.ts';
import { loadPlugins } from '../plugins/load-plugins.ts';
import { filesIn, givenBy, Program } from './program.ts';

const NO_FILE: ConfigFile = { given: [], plugins: [], problems: [] };

/**
 * Reads all that the command was told: flags before the environment before files before defaults. Plug-ins are loaded
 * on the way, as they add flags. Throws ERR_CONFIG with every problem on a line of its own, and CommanderError where the
 * flags themselves are wrong, or asked for help.
 */
export async function loadSettings(args: readonly string[], env: Environment, version: string): Promise<Settings> {
  const { config = env.VAURIEN_CONFIG, plugins } = filesIn(args);
  const file = config === undefined || config === '' ? NO_FILE : await readConfigFile(config, env);
  const here = process.cwd();
  const ofEnv = (env.VAURIEN_USE_EXTENSION ?? '').split(',').filter((source) => source !== '');
  const sources = [...file.plugins, ...[...ofEnv, ...plugins].map((source) => ({ source, directory: here }))];
  for (const { source, directory } of sources) await loadPlugins(source, directory);
  const program = new Program(version);
  program.command.parse(args, { from: 'user' });
  const settings = readSettings(new GivenValues(file.given, givenBy(env), program.given));
  const problems = [...file.problems, ...('problems' in settings ? settings.problems : [])];
  if (problems.length > 0 || 'problems' in settings) throw new LoadsError('ERR_CONFIG', problems.join('\n'));
  return settings;
}

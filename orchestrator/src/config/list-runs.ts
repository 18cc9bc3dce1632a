import { isMolotov, testNames } from './molotov-config.ts';
import { runNames } from './named-runs.ts';
import { isConfigFile, readConfig } from './read-config.ts';

/** The runs that a file holds by their names; a single nameless one for a scenario, or a configuration that is one run. */
export async function listRuns(file: string, env: NodeJS.ProcessEnv): Promise<readonly (string | undefined)[]> {
  if (!isConfigFile(file)) return [undefined];
  const source = await readConfig(file, env);
  const names = isMolotov(source) ? testNames(source) : runNames(source);
  return names.length === 0 ? [undefined] : names;
}

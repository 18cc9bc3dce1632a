import { LoadsError, type PluginPlan, type Problem } from '@loads/core';
import { loadPlugins, pluginFile } from '@loads/vaurien';

/** What a configuration's `plugins` come to: modules that are loaded by now, and what is wrong with the others. */
export type LoadedPlugins = { readonly plugins: readonly PluginPlan[]; readonly problems: readonly Problem[] };

/**
 * Loads the behaviors and protocols that a configuration names, so that what follows knows them: files relative to
 * `directory`, and packages that are installed there. What is no list of texts is left for the schema to refuse.
 */
export async function loadConfigPlugins(given: unknown, directory: string): Promise<LoadedPlugins> {
  const plugins: PluginPlan[] = [];
  const problems: Problem[] = [];
  for (const [index, source] of (Array.isArray(given) ? given : [given]).entries()) {
    if (typeof source !== 'string') continue;
    try {
      const file = pluginFile(source, directory);
      await loadPlugins(source, directory);
      plugins.push({ source, file });
    } catch (error) {
      if (!(error instanceof LoadsError)) throw error;
      const path = Array.isArray(given) ? ['plugins', index] : ['plugins'];
      problems.push({ path, message: error.hint === undefined ? error.message : `${error.message}; ${error.hint}` });
    }
  }
  return { plugins, problems };
}

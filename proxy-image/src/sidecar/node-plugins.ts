import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PluginPlan } from '@loads/core';
import { lendPackage } from '../plugins/host.ts';
import { loadPlugins } from '../plugins/load-plugins.ts';

/** Loads the plug-ins of a run: those that travelled as a text from the node's folder `dir`, the others from their files. Throws ERR_CONFIG. */
export async function loadNodePlugins(plugins: readonly PluginPlan[], dir: string): Promise<void> {
  if (plugins.some(({ code }) => code !== undefined)) await lendPackage();
  for (const [index, { file, code }] of plugins.entries()) {
    if (code === undefined) {
      await loadPlugins(file, dir);
      continue;
    }
    const path = join(dir, `plugin-${index + 1}.mjs`);
    await writeFile(path, code);
    await loadPlugins(path, dir);
  }
}

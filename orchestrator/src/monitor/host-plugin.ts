import { pathToFileURL } from 'node:url';
import { LoadsError, PLUGIN_NAME } from '@loads/core';
import { pluginFile } from '@loads/vaurien';

/** What a plug-in measures: numbers by name, each time it is asked. */
export type HostPlugin = {
  /** Letters, digits and `_`, begun by a letter: its values are called `host_<name>_<value>`. */
  readonly name: string;
  read(): Promise<Readonly<Record<string, number>>> | Readonly<Record<string, number>>;
};

/** Would make names of metrics that a host has by itself: `host_net_in`. */
const RESERVED: readonly string[] = ['net'];

/**
 * Loads the plug-ins that a module exports, by any name. `source` is a path (`./mine.ts`, relative to `directory`) or the name
 * of a package that is installed there. Throws ERR_CONFIG when it cannot be loaded, exports none, or one whose name is no name.
 */
export async function loadHostPlugins(source: string, directory: string): Promise<readonly HostPlugin[]> {
  const file = pluginFile(source, directory);
  const module = (await import(pathToFileURL(file).href).catch((cause: unknown) => {
    const why = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new LoadsError('ERR_CONFIG', `${source} cannot be loaded: ${why}`, { cause });
  })) as Readonly<Record<string, unknown>>;
  const plugins = Object.values(module).filter(isPlugin);
  if (plugins.length === 0)
    throw new LoadsError('ERR_CONFIG', `${source} exports no plug-in`, {
      hint: 'export an object with a `name` and a function `read` that gives numbers by name',
    });
  for (const { name } of plugins) {
    if (PLUGIN_NAME.test(name) && !RESERVED.includes(name)) continue;
    throw new LoadsError('ERR_CONFIG', `${source}: a plug-in cannot be called '${name}'`, {
      hint: `letters, digits and \`_\`, begun by a letter, and not ${RESERVED.join(', ')}`,
    });
  }
  return plugins;
}

function isPlugin(value: unknown): value is HostPlugin {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    'read' in value &&
    typeof value.read === 'function'
  );
}

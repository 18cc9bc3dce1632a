import { LoadsError } from '@loads/core';

const NAME = /^[a-z][a-z0-9_-]*$/;

/**
 * Adds a plug-in to its registry; the same one twice is added once. Throws ERR_CONFIG when the name is taken by another,
 * or cannot stand in a flag.
 */
export function register<Plugin extends { readonly name: string }>(
  registry: Map<string, Plugin>,
  kind: 'behavior' | 'protocol',
  plugin: Plugin,
): void {
  const { name } = plugin;
  if (!NAME.test(name)) {
    const wanted = 'lower-case letters, digits, `_` and `-`, beginning with a letter';
    throw new LoadsError('ERR_CONFIG', `the ${kind} '${name}' needs a name of ${wanted}`);
  }
  const present = registry.get(name);
  if (present && present !== plugin) throw new LoadsError('ERR_CONFIG', `there are two ${kind}s '${name}'`);
  registry.set(name, plugin);
}

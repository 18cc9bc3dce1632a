import { createRequire } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LoadsError } from '@loads/core';
import type { BehaviorPlugin } from '../behaviors/behavior.ts';
import { registerBehavior } from '../behaviors/registry.ts';
import type { ProtocolPlugin } from '../protocols/protocol.ts';
import { registerProtocol } from '../protocols/registry.ts';

/**
 * Gives the file of a plug-in: of a path (`./mine.ts`, relative to `directory`) or of a package that is installed there.
 * Throws ERR_CONFIG when there is no such package.
 */
export function pluginFile(source: string, directory: string): string {
  try {
    const path = /^\.{1,2}\//.test(source) || isAbsolute(source);
    return path ? resolve(directory, source) : locate(source, directory);
  } catch (cause) {
    throw cannotLoad(source, cause);
  }
}

/**
 * Loads a user's behaviors and protocols: all of them that a module exports, each by a name of its own. `source` is a
 * path (`./mine.ts`, `/etc/mine.js`, relative to `directory`) or the name of a package that is installed there. Throws
 * ERR_CONFIG when the module cannot be loaded or exports none.
 */
export async function loadPlugins(source: string, directory: string): Promise<void> {
  const module = await load(source, directory);
  let found = 0;
  for (const plugin of Object.values(module)) {
    if (isProtocol(plugin)) registerProtocol(plugin);
    else if (isBehavior(plugin)) registerBehavior(plugin);
    else continue;
    found++;
  }
  if (found > 0) return;
  const hint = 'export what `defineBehavior` gives, or a protocol with name, doc, options, checkCode and create';
  throw new LoadsError('ERR_CONFIG', `${source} exports no behavior and no protocol`, { hint });
}

async function load(source: string, directory: string): Promise<Readonly<Record<string, unknown>>> {
  const file = pluginFile(source, directory);
  try {
    return (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw cannotLoad(source, cause);
  }
}

function cannotLoad(source: string, cause: unknown): LoadsError {
  const why = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
  return new LoadsError('ERR_CONFIG', `${source} cannot be loaded: ${why}`, { cause });
}

/** Where a package, or a file named without a leading `./`, is. */
function locate(source: string, directory: string): string {
  if (/\.[cm]?[jt]s$/.test(source)) return resolve(directory, source);
  return createRequire(join(directory, 'any.js')).resolve(source);
}

function isBehavior(value: unknown): value is BehaviorPlugin {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    'doc' in value &&
    typeof value.doc === 'string' &&
    'create' in value &&
    typeof value.create === 'function' &&
    'options' in value &&
    typeof value.options === 'object' &&
    value.options !== null &&
    'shape' in value.options
  );
}

function isProtocol(value: unknown): value is ProtocolPlugin {
  return isBehavior(value) && 'checkCode' in value && typeof value.checkCode === 'function';
}

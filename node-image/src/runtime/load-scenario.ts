import { registerHooks } from 'node:module';
import { basename, extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LoadsError } from '@loads/core';
import { registry, type ScenarioFile } from '../api/registry.ts';

/** This package's own entry, as source or built: the scenario must write into the registry of this very copy. */
const OWN_ENTRY = new URL(`../index${extname(import.meta.url)}`, import.meta.url).href;

/**
 * Loads a scenario file (TypeScript by Node's own type stripping, or JavaScript) and gives what it declared. The file
 * may import `@loads/node` wherever it lies. Throws ERR_SCENARIO_LOAD with the place of the error.
 */
export async function loadScenario(file: string): Promise<ScenarioFile> {
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === '@loads/node' ? { url: OWN_ENTRY, shortCircuit: true } : next(specifier, context),
  });
  try {
    await import(pathToFileURL(file).href);
    return registry.finish();
  } catch (error) {
    throw scenarioError(file, error);
  }
}

function scenarioError(file: string, error: unknown): LoadsError {
  if (error instanceof LoadsError) {
    return new LoadsError(error.code, `${basename(file)}: ${error.message}`, { hint: error.hint, cause: error });
  }
  const { message } = error instanceof Error ? error : new Error(String(error));
  const place = placeOf(file, error);
  return new LoadsError('ERR_SCENARIO_LOAD', `${basename(file)}${place}: ${message.split('\n')[0]}`, {
    hint: hintFor(error),
    cause: error,
  });
}

/** `:line:column` of the first mention of the file in the error's stack, or ''. */
function placeOf(file: string, error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  for (const name of [pathToFileURL(file).href, file]) {
    const at = stack.indexOf(`${name}:`);
    const [place] = (at === -1 ? '' : stack.slice(at + name.length)).match(/^(?::\d+){1,2}/) ?? [];
    if (place !== undefined) return place;
  }
  return '';
}

function hintFor(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX':
      return 'types are stripped, not compiled: no `enum`, `namespace` or parameter properties; use a const object or plain fields';
    case 'ERR_MODULE_NOT_FOUND':
      return 'relative imports need their file ending (`./shop.ts`); packages need `npm install`';
    default:
      return undefined;
  }
}

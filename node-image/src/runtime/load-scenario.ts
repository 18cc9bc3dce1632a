import { registerHooks } from 'node:module';
import { dirname, isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LoadsError } from '@loads/core';
import { feedSetting } from '../api/feed.ts';
import { registry, type ScenarioFile } from '../api/registry.ts';
import { declareTests } from '../functional/declare-tests.ts';
import { loadStandIn, resolveStandIn } from '../functional/stand-ins.ts';
import { testFile } from '../functional/test-file.ts';
import { ImportPlaces } from './import-places.ts';
import { OWN_ENTRY } from './own-entry.ts';
import { sourcePlace } from './source-place.ts';

/**
 * Loads a scenario file (TypeScript by Node's own type stripping, or JavaScript), after its extensions (absolute paths,
 * or packages as the file itself would import them), and gives what they declared. All of them may import `@loads/node`
 * wherever they lie. What is written for node:test or vitest declares scenarios, too. Throws ERR_SCENARIO_LOAD with the place of the error.
 */
export async function loadScenario(file: string, extensions: readonly string[] = []): Promise<ScenarioFile> {
  const parentURL = pathToFileURL(file).href;
  const imports = new ImportPlaces();
  registerHooks({
    resolve: imports.resolving((specifier, context, next) =>
      specifier === '@loads/node'
        ? { url: OWN_ENTRY, shortCircuit: true }
        : specifier.startsWith(EXTENSION)
          ? next(specifier.slice(EXTENSION.length), { ...context, parentURL })
          : resolveStandIn(specifier, context, next),
    ),
    load: imports.loading(loadStandIn),
  });
  feedSetting.baseDir = dirname(file);
  // A run that was started from a test is no test.
  registry.onScenario = () => undefined;
  for (const extension of extensions) await loadExtension(extension, imports);
  try {
    const loaded = (await import(parentURL)) as { readonly options?: unknown };
    await declareTests(testFile, registry);
    return registry.finish(loaded.options);
  } catch (error) {
    throw scenarioError(file, error, imports);
  }
}

/** Marks what is to be resolved as the scenario file would. */
const EXTENSION = 'loads-extension:';

async function loadExtension(extension: string, imports: ImportPlaces): Promise<void> {
  try {
    await import(isAbsolute(extension) ? pathToFileURL(extension).href : `${EXTENSION}${extension}`);
  } catch (error) {
    const problem = scenarioError(extension, error, imports);
    throw new LoadsError(problem.code, `extension ${problem.message}`, { hint: problem.hint, cause: problem.cause });
  }
}

function scenarioError(file: string, error: unknown, imports: ImportPlaces): LoadsError {
  if (error instanceof LoadsError) {
    return new LoadsError(error.code, `${sourcePlace(file, error)}: ${error.message}`, {
      hint: error.hint,
      cause: error,
    });
  }
  const { message } = error instanceof Error ? error : new Error(String(error));
  return new LoadsError(
    'ERR_SCENARIO_LOAD',
    `${sourcePlace(file, error, imports.placeOf(error))}: ${message.split('\n')[0]}`,
    {
      hint: hintFor(error),
      cause: error,
    },
  );
}

function hintFor(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX':
      return 'types are stripped, not compiled: no `enum`, `namespace` or parameter properties; use a const object or plain fields';
    case 'ERR_MODULE_NOT_FOUND':
      return 'relative imports need their file ending (`./shop.ts`); packages need `npm install`';
    case 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING':
      return 'Node strips no types below node_modules: build the package to JavaScript, or import its source by a path outside of node_modules';
    case 'ERR_UNKNOWN_FILE_EXTENSION':
      return 'a scenario is a .ts, .mts, .js or .mjs file: types are stripped, and nothing else is compiled';
    default:
      if (error instanceof SyntaxError && /^Cannot use import statement outside a module/.test(error.message))
        return 'its package.json says `"type": "commonjs"`: make that `"module"`, or name the file .mts';
      return error instanceof SyntaxError && / does not provide an export named /.test(error.message)
        ? 'types are stripped, not resolved: import them with `import type`, or as `type Name`; else look at the spelling'
        : undefined;
  }
}

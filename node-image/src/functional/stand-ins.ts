import { existsSync } from 'node:fs';
import type { LoadHookSync, ResolveHookSync } from 'node:module';
import { fileURLToPath } from 'node:url';
import { OWN_ENTRY } from '../runtime/own-entry.ts';
import { nodeTest } from './node-test-api.ts';
import { vitestFor } from './vitest-api.ts';
import { provideWorkerState } from './vitest-module.ts';

const NODE_TEST = 'loads-stand-in:node-test';
const VITEST = 'loads-stand-in:vitest?';

/** For the modules that stand in scenario files for those of test runners, and for nobody else. */
export const standIns: { readonly nodeTest: typeof nodeTest; readonly vitest: typeof vitestFor } = {
  nodeTest,
  vitest: vitestFor,
};

/** Gives a stand-in for `node:test` and `vitest`; else what comes after it. */
export const resolveStandIn: ResolveHookSync = (specifier, context, next) => {
  if (specifier === 'node:test') return { url: NODE_TEST, format: 'module', shortCircuit: true };
  if (specifier !== 'vitest' || context.parentURL?.startsWith(VITEST)) return resolveSource(specifier, context, next);
  provideWorkerState();
  return { url: `${VITEST}${next(specifier, context).url}`, format: 'module', shortCircuit: true };
};

/** The source of a stand-in; else what comes after it. */
export const loadStandIn: LoadHookSync = (url, context, next) => {
  if (url === NODE_TEST) return { format: 'module', source: nodeTestSource(), shortCircuit: true };
  if (url.startsWith(VITEST))
    return { format: 'module', source: vitestSource(url.slice(VITEST.length)), shortCircuit: true };
  return next(url, context);
};

const NODE_TEST_NAMES =
  'test it describe suite skip todo only before after beforeEach afterEach mock snapshot assert run';
const VITEST_NAMES =
  'test it describe suite beforeAll afterAll beforeEach afterEach aroundEach aroundAll onTestFinished onTestFailed expect vi vitest';

function nodeTestSource(): string {
  return `import { standIns } from ${JSON.stringify(OWN_ENTRY)};
const { ${NODE_TEST_NAMES.replaceAll(' ', ', ')} } = standIns.nodeTest;
export { ${NODE_TEST_NAMES.replaceAll(' ', ', ')}, test as default, test as 'module.exports' };`;
}

/** All of the user's vitest, except for what its runner does. */
function vitestSource(real: string): string {
  return `import { standIns } from ${JSON.stringify(OWN_ENTRY)};
import * as real from ${JSON.stringify(real)};
export * from ${JSON.stringify(real)};
export const { ${VITEST_NAMES.replaceAll(' ', ', ')} } = standIns.vitest(real);`;
}

/** vitest finds TypeScript without its file ending, or with that of JavaScript; its files stay as they are. */
const resolveSource: ResolveHookSync = (specifier, context, next) => {
  try {
    return next(specifier, context);
  } catch (error) {
    const { parentURL } = context;
    if (!/^\.{1,2}\//.test(specifier) || !parentURL?.startsWith('file:')) throw error;
    const bare = new URL(specifier.replace(/\.[cm]?jsx?$/, ''), parentURL).href;
    const found = ['.ts', '.mts', '.js', '.mjs', '/index.ts', '/index.js']
      .map((ending) => `${bare}${ending}`)
      .find((url) => existsSync(fileURLToPath(url)));
    if (found === undefined) throw error;
    return next(found, context);
  }
};

import { LoadsError } from '@loads/core';
import type { Registry } from '../api/registry.ts';
import { hooksAfter, runTest } from './run-test.ts';
import { fullNameOf, type Suite, type TestCase } from './suite.ts';
import type { TestFile } from './test-file.ts';

/**
 * Declares every test of a file as a scenario of weight 1, and the hooks around suites as fixtures of the process. Throws
 * ERR_SCENARIO_LOAD when all tests are skipped, and what an asynchronous `describe` has thrown.
 */
export async function declareTests(file: TestFile, registry: Registry): Promise<void> {
  await file.described();
  const tests = file.root.selected();
  if (tests.length === 0 && file.root.children.length > 0 && registry.isEmpty) {
    throw new LoadsError('ERR_SCENARIO_LOAD', 'there is no test to run: all are skipped, to do, or without a function');
  }
  // Node loads its part of fetch when it is first asked for, which takes some 40 ms: not within the run.
  if (tests.length > 0) void new Response();
  const used = new Map<string, number>();
  for (const test of tests) {
    registry.addScenario(uniqueName(fullNameOf(test), used), {}, (context) => runTest(test, context));
  }
  declareSuiteHooks(suitesOf(tests), registry);
}

/** A file may give two tests one name; scenarios are told apart by theirs. */
function uniqueName(name: string, used: Map<string, number>): string {
  const count = (used.get(name) ?? 0) + 1;
  used.set(name, count);
  return count === 1 ? name : uniqueName(`${name} (${count})`, used);
}

/** The suites with tests, each after the one that it is in. */
function suitesOf(tests: readonly TestCase[]): readonly Suite[] {
  return [...new Set(tests.flatMap(({ suite }) => suite.line))];
}

function declareSuiteHooks(suites: readonly Suite[], registry: Registry): void {
  const before = suites.flatMap((suite) => suite.hooks.before.map((hook) => ({ suite, hook })));
  const after = suites.toReversed().flatMap((suite) => hooksAfter(suite, 'after').map((hook) => ({ suite, hook })));
  const cleanups: (() => Promise<unknown>)[] = [];
  if (before.length > 0) {
    registry.addFixture('setupProcess', async () => {
      for (const { suite, hook } of before) {
        const context = hook.dialect.suiteContext(suite);
        const given = await hook.dialect.call(hook.run, context);
        if (typeof given === 'function') cleanups.unshift(() => hook.dialect.call(given as () => unknown, context));
      }
    });
  }
  if (before.length + after.length > 0) {
    registry.addFixture('teardownProcess', async () => {
      const calls = [
        ...after.map(
          ({ suite, hook }) =>
            () =>
              hook.dialect.call(hook.run, hook.dialect.suiteContext(suite)),
        ),
        ...cleanups,
      ];
      await runAll(calls);
    });
  }
}

/** One that throws keeps no other from running. Throws the first error. */
async function runAll(calls: readonly (() => Promise<unknown>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const call of calls) await call().catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw errors[0];
}

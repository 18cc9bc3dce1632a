import { AsyncLocalStorage } from 'node:async_hooks';
import type { ScenarioContext } from '../api/context.ts';
import type { HookKind, Suite, TestCase, TestFunction, TestSession } from './suite.ts';

/** The run of a test on whose behalf code runs. */
export const runningTest: AsyncLocalStorage<TestSession> = new AsyncLocalStorage<TestSession>();

/** Thrown to end a test that finds out by itself that it is to be skipped: no failure. */
export class TestSkipped extends Error {}

/**
 * Runs a test once, as an iteration: `beforeEach` from the outermost suite to its own, the test, `afterEach` back, which is
 * run also after a failure. Throws the first error.
 */
export async function runTest(test: TestCase, scenario: ScenarioContext): Promise<void> {
  const session = test.dialect.open(test, scenario);
  await runningTest.run(session, () => runWithHooks(test, session));
}

async function runWithHooks(test: TestCase, session: TestSession): Promise<void> {
  const { dialect, suite, timeoutMs } = test;
  const errors: unknown[] = [];
  const cleanups: TestFunction[] = [];
  const attempt = async (run: () => unknown): Promise<boolean> => {
    try {
      await run();
      return true;
    } catch (error) {
      if (!(error instanceof TestSkipped)) errors.push(error);
      return false;
    }
  };
  const before = suite.line.flatMap((one) => one.hooks.beforeEach);
  const ready = await attempt(async () => {
    for (const hook of before) {
      const given = await hook.dialect.call(hook.run, session.context);
      // As vitest has it: what a hook returns is run at the end.
      if (typeof given === 'function') cleanups.unshift(given as TestFunction);
    }
  });
  if (ready) await attempt(() => runBody(test, session, timeoutMs));
  if (test.fails) expectFailure(errors);
  for (const hook of suite.line.toReversed().flatMap((one) => hooksAfter(one, 'afterEach')))
    await attempt(() => hook.dialect.call(hook.run, session.context));
  for (const cleanup of cleanups) await attempt(() => dialect.call(cleanup, session.context));
  await attempt(() => session.close(errors[0]));
  if (errors.length > 0) throw errors[0];
}

/** The hooks of a suite that come after, in the order in which they are run. */
export function hooksAfter(suite: Suite, kind: HookKind): Suite['hooks'][HookKind] {
  const hooks = suite.hooks[kind];
  return hooks[0]?.dialect.lastHookFirst ? hooks.toReversed() : hooks;
}

async function runBody({ dialect, run }: TestCase, session: TestSession, timeoutMs?: number): Promise<void> {
  const body = async (): Promise<void> => {
    try {
      await dialect.call(run, session.context);
    } catch (error) {
      throw session.failed ? session.failed(error) : error;
    }
    await session.settle();
  };
  if (timeoutMs === undefined) return await body();
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`the test has not ended within ${timeoutMs} ms`)), timeoutMs);
  try {
    await Promise.race([body(), promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Turns the outcome of a test that is meant to fail around. */
function expectFailure(errors: unknown[]): void {
  if (errors.length > 0) errors.length = 0;
  else errors.push(new Error('the test was expected to fail, and did not'));
}

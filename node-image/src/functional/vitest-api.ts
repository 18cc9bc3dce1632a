import { LoadsError } from '@loads/core';
import { type Declaration, readDeclaration } from './declaration.ts';
import { casesOf, eachTitle } from './each-title.ts';
import { runningTest } from './run-test.ts';
import type { Dialect, HookKind, Mode, Suite, TestCase, TestFunction } from './suite.ts';
import { type TestFile, testFile } from './test-file.ts';
import type { VitestModule } from './vitest-module.ts';
import { VitestSession } from './vitest-session.ts';

/** `test.only.concurrent...`: what the words before the call have said. */
type Words = { readonly mode?: Mode; readonly fails?: boolean };
type Call = (...args: unknown[]) => unknown;
export type VitestApi = Readonly<Record<string, unknown>>;

/** Makes what stands for vitest's runner; `vitest` is the user's own, whose `expect` and `vi` are used. */
export function vitestApi(file: TestFile, vitest: VitestModule): VitestApi {
  const dialect: Dialect = {
    lastHookFirst: true,
    open: (test, scenario) => new VitestSession(test, scenario, vitest),
    call: async (run, context) => await (run as (given: unknown) => unknown)(context),
    suiteContext: ({ name }: Suite) => ({ name }),
  };
  const addTest = (words: Words, { run, ...test }: Declaration, ...given: readonly unknown[]): unknown => {
    const running = runningTest.getStore();
    if (running) return running.subTest([test.name, run]);
    file.addTest({
      ...test,
      fails: words.fails ?? test.fails,
      dialect,
      mode: run ? (words.mode ?? test.mode) : 'skip',
      run: run ? withValues(run, given) : () => undefined,
    });
    return undefined;
  };
  const addSuite = (words: Words, { name, mode, run }: Declaration, ...given: readonly unknown[]): void =>
    file.addSuite(name, words.mode ?? mode, run && (() => (run as (...all: unknown[]) => unknown)(...given)));
  const hook =
    (kind: HookKind) =>
    (run: TestFunction): void =>
      file.addHook(kind, dialect, run);
  const hooks = {
    beforeAll: hook('before'),
    afterAll: hook('after'),
    beforeEach: hook('beforeEach'),
    afterEach: hook('afterEach'),
    aroundEach: refused('aroundEach()'),
    aroundAll: refused('aroundAll()'),
  };
  const describe = chain(addSuite, {});
  const test = chain(addTest, { describe, suite: describe, ...hooks, extend: refused('test.extend()') });
  const session = (): VitestSession | undefined => {
    const running = runningTest.getStore();
    return running instanceof VitestSession ? running : undefined;
  };
  return {
    test,
    it: test,
    describe,
    suite: describe,
    ...hooks,
    onTestFinished: (run: () => unknown) => session()?.onFinished(run),
    onTestFailed: (run: () => unknown) => session()?.onFailed(run),
    // In a test the expectation is that test's, so that soft and counted ones find it.
    expect: new Proxy(vitest.expect, {
      apply: (target, _, args: [unknown]) => (session()?.expect ?? target)(...args),
      get: (target, key) => Reflect.get(session()?.expect ?? target, key),
    }),
    ...mocking(vitest.vi),
  };
}

type Add = (words: Words, declaration: Declaration, ...given: readonly unknown[]) => unknown;

/** `test` or `describe`, with the words that can stand between it and its call. */
function chain(add: Add, more: Readonly<Record<string, unknown>>, words: Words = {}): Call {
  const call: Call = (...args) => add(words, readDeclaration(args));
  const next = (said: Words) => (): Call => chain(add, more, { ...words, ...said });
  const getters: Readonly<Record<string, () => unknown>> = {
    skip: next({ mode: 'skip' }),
    todo: next({ mode: 'skip' }),
    only: next({ mode: words.mode ?? 'only' }),
    fails: next({ fails: true }),
    // How tests of one file follow each other is for the load to say.
    concurrent: next({}),
    sequential: next({}),
    shuffle: next({}),
    skipIf: () => (condition: unknown) => next(condition ? { mode: 'skip' } : {})(),
    runIf: () => (condition: unknown) => next(condition ? {} : { mode: 'skip' })(),
    each: () => each(add, words, (value) => (Array.isArray(value) ? value : [value])),
    for: () => each(add, words, (value) => [value]),
  };
  for (const [name, get] of Object.entries(getters)) Object.defineProperty(call, name, { get, configurable: true });
  return Object.assign(call, more);
}

function each(add: Add, words: Words, valuesOf: (value: unknown) => readonly unknown[]): Call {
  return (table, ...values) =>
    (...args: unknown[]): void => {
      for (const [i, value] of casesOf(table as readonly unknown[], values).entries()) {
        const given = valuesOf(value);
        const declaration = readDeclaration(args);
        // What is shown of a value of `for` that is a list, are its parts.
        const name = eachTitle(declaration.name, Array.isArray(value) ? value : given, i);
        add(words, { ...declaration, name }, ...given);
      }
    };
}

/** The values of `each` and `for` come before the context. */
function withValues(run: TestFunction, values: readonly unknown[]): TestCase['run'] {
  const call = run as Call;
  return values.length === 0 ? run : (context: unknown) => call(...values, context);
}

/** `vi` without what replaces modules: Node's own loader loads the file. */
function mocking(real: object): { readonly vi: object; readonly vitest: object } {
  const refusals = ['mock', 'doMock', 'unmock', 'doUnmock', 'importActual', 'importMock'].map(
    (name) => [name, { value: refused(`vi.${name}()`) }] as const,
  );
  const vi: object = Object.create(real, Object.fromEntries(refusals)) as object;
  return { vi, vitest: vi };
}

function refused(what: string): () => never {
  return () => {
    throw new LoadsError('ERR_SCENARIO_LOAD', `${what} needs vitest's own runner`, {
      hint: 'tests that are run as load are loaded by Node itself; see docs/functional-tests.md',
    });
  };
}

/** vitest for the test file of this process. */
export function vitestFor(vitest: VitestModule): VitestApi {
  return vitestApi(testFile, vitest);
}

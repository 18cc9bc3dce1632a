import { readDeclaration } from './declaration.ts';
import { callNodeTest } from './node-test-call.ts';
import { NodeTestContext, realNodeTest } from './node-test-context.ts';
import { runningTest } from './run-test.ts';
import { type Dialect, fullNameOf, type HookKind, type Mode, type TestFunction } from './suite.ts';
import { type TestFile, testFile } from './test-file.ts';

const dialect: Dialect = {
  lastHookFirst: false,
  open: (test, scenario) => new NodeTestContext(test.name, fullNameOf(test), scenario).session,
  call: callNodeTest,
  suiteContext: ({ name }) => ({ name, signal: new AbortController().signal }),
};

/** What stands for node:test in a scenario process: tests are collected instead of run. */
export type NodeTestApi = Readonly<Record<string, unknown>> & { readonly test: (...args: unknown[]) => Promise<void> };

/** Makes the exports of node:test that write into `file`. */
export function nodeTestApi(file: TestFile): NodeTestApi {
  const declareTest =
    (forced?: Mode) =>
    async (...args: unknown[]): Promise<void> => {
      const running = runningTest.getStore();
      if (running) return forced === 'skip' ? undefined : await running.subTest(args);
      const { run, mode, ...test } = readDeclaration(args);
      const none: TestFunction = () => undefined;
      file.addTest({ ...test, dialect, mode: run ? (forced ?? mode) : 'skip', run: run ?? none });
    };
  const declareSuite =
    (forced?: Mode) =>
    async (...args: unknown[]): Promise<void> => {
      const running = runningTest.getStore();
      if (running) return forced === 'skip' ? undefined : await running.subTest(args);
      const { name, mode, run } = readDeclaration(args);
      const context = { name, signal: new AbortController().signal };
      const call = run as ((suite: unknown) => unknown) | undefined;
      file.addSuite(name, forced ?? mode, call && (() => call(context)));
    };
  const hook =
    (kind: HookKind) =>
    (run: TestFunction = () => undefined): void =>
      file.addHook(kind, dialect, run);
  const variants = <Declare>(declare: (forced?: Mode) => Declare): Declare & Record<string, Declare> =>
    Object.assign(declare() as Declare & object, {
      skip: declare('skip'),
      todo: declare('skip'),
      only: declare('only'),
    }) as Declare & Record<string, Declare>;
  const test = variants(declareTest);
  const describe = variants(declareSuite);
  const api = {
    test,
    it: test,
    describe,
    suite: describe,
    skip: test.skip,
    todo: test.todo,
    only: test.only,
    before: hook('before'),
    after: hook('after'),
    beforeEach: hook('beforeEach'),
    afterEach: hook('afterEach'),
    run: () => {
      throw new Error('run() of node:test cannot be used under load');
    },
  };
  // `import test from 'node:test'` has all the others as properties.
  Object.assign(test, api);
  for (const name of ['mock', 'snapshot', 'assert'] as const)
    for (const target of [test, api])
      Object.defineProperty(target, name, { get: () => realNodeTest()[name], enumerable: true });
  return api;
}

/** node:test for the test file of this process. */
export const nodeTest: NodeTestApi = nodeTestApi(testFile);

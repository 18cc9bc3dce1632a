import type { ScenarioContext } from '../api/context.ts';
import { allFailures } from './all-failures.ts';
import { readDeclaration } from './declaration.ts';
import { TestSkipped } from './run-test.ts';
import { fullNameOf, type TestCase, type TestSession } from './suite.ts';
import type { VitestExpect, VitestModule, VitestTask } from './vitest-module.ts';

type Finish = (context: unknown) => unknown;

/** One run of a test of vitest: the context that its functions get, and an `expect` that counts for it alone. */
export class VitestSession implements TestSession {
  readonly context: Record<string, unknown>;
  readonly #vitest: VitestModule;
  readonly #scenario: ScenarioContext;
  readonly #task: VitestTask;
  readonly #finished: Finish[] = [];
  readonly #failed: Finish[] = [];
  #expect: VitestExpect | undefined;

  constructor(test: TestCase, scenario: ScenarioContext, vitest: VitestModule) {
    this.#vitest = vitest;
    this.#scenario = scenario;
    const session = this;
    this.context = {
      signal: scenario.signal,
      skip: (reason: unknown): void => {
        if (reason !== false) throw new TestSkipped();
      },
      annotate: async (): Promise<void> => undefined,
      onTestFinished: (run: Finish) => this.onFinished(run),
      onTestFailed: (run: Finish) => this.onFailed(run),
      // Made only for those who ask for it.
      get expect() {
        return session.expect;
      },
      get task() {
        return session.#task;
      },
    };
    const fullName = fullNameOf(test);
    this.#task = {
      type: 'test',
      name: test.name,
      fullName,
      fullTestName: fullName,
      file: { filepath: '' },
      meta: {},
      context: this.context,
    };
  }

  get expect(): VitestExpect {
    this.#expect ??= this.#vitest.createExpect?.(this.#task) ?? this.#vitest.expect;
    return this.#expect;
  }

  onFinished(run: Finish): void {
    this.#finished.unshift(run);
  }

  onFailed(run: Finish): void {
    this.#failed.push(run);
  }

  /** vitest has no tests within tests; here they are steps. */
  async subTest(args: readonly unknown[]): Promise<void> {
    const { name, mode, run } = readDeclaration(args);
    if (mode === 'skip' || !run) return;
    await this.#scenario.step(name, () => (run as (context: unknown) => unknown)(this.context));
  }

  async settle(): Promise<void> {
    for (const settled of await Promise.allSettled(this.#task.promises ?? []))
      if (settled.status === 'rejected') throw this.failed(settled.reason);
    const [first, ...more] = this.#soft();
    if (first !== undefined) throw allFailures([first, ...more]);
    if (this.#expect) mustKeepItsCount(this.#expect);
  }

  failed(error: unknown): unknown {
    const [first, ...more] = this.#soft();
    return first === undefined || error instanceof TestSkipped ? error : allFailures([first, ...more, error]);
  }

  /** What `expect.soft` has found. */
  #soft(): readonly Error[] {
    const { errors = [] } = this.#task.result ?? {};
    return errors.map(({ message, stack }) => Object.assign(new Error(message), stack !== undefined && { stack }));
  }

  async close(error: unknown): Promise<void> {
    for (const run of error === undefined ? [] : this.#failed) await run(this.context);
    for (const run of this.#finished) await run(this.context);
  }
}

/** Throws what `expect.assertions` and `expect.hasAssertions` ask for. */
function mustKeepItsCount(expect: VitestExpect): void {
  const state = expect.getState();
  const { assertionCalls, expectedAssertionsNumber: wanted } = state;
  if (typeof wanted === 'number' && wanted !== assertionCalls)
    throw (
      state.expectedAssertionsNumberErrorGen?.() ?? new Error(`expected ${wanted} assertions, got ${assertionCalls}`)
    );
  if (state.isExpectingAssertions && assertionCalls === 0)
    throw state.isExpectingAssertionsError ?? new Error('expected any number of assertions, got none');
}

import { setTimeout as wait } from 'node:timers/promises';
import type { ScenarioContext } from '../api/context.ts';
import { readDeclaration } from './declaration.ts';
import { callNodeTest } from './node-test-call.ts';
import { runningTest } from './run-test.ts';
import type { TestFunction, TestSession } from './suite.ts';

type NodeTest = typeof import('node:test');
type Mocks = NodeTest['mock'];

/** The real module, which is not loaded before it is needed. */
export function realNodeTest(): NodeTest {
  return process.getBuiltinModule('node:test');
}

/** What node:test gives a test, while it runs as an iteration. Sub-tests are steps, one after the other. */
export class NodeTestContext {
  readonly name: string;
  readonly fullName: string;
  readonly #scenario: ScenarioContext;
  readonly #hooks: Readonly<Record<'beforeEach' | 'afterEach' | 'after', TestFunction[]>> = {
    beforeEach: [],
    afterEach: [],
    after: [],
  };
  readonly #failures: unknown[] = [];
  #queue: Promise<void> = Promise.resolve();
  #planned: number | undefined;
  #counted = 0;
  #mock: Mocks | undefined;
  #assert: object | undefined;
  error: unknown = null;

  constructor(name: string, fullName: string, scenario: ScenarioContext) {
    this.name = name;
    this.fullName = fullName;
    this.#scenario = scenario;
  }

  get signal(): AbortSignal {
    return this.#scenario.signal;
  }

  get passed(): boolean {
    return this.error === null;
  }

  get attempt(): number {
    return 0;
  }

  get mock(): Mocks {
    this.#mock ??= Reflect.construct(realNodeTest().mock.constructor, []) as Mocks;
    return this.#mock;
  }

  /** The functions of node:assert; each call counts for the plan. */
  get assert(): object {
    this.#assert ??= this.#countingAssert();
    return this.#assert;
  }

  plan(count: number): void {
    this.#planned = count;
  }

  test(...args: unknown[]): Promise<void> {
    return this.subTest(args);
  }

  before(run: TestFunction): void {
    void this.#enqueue(() => callNodeTest(run, this));
  }

  after(run: TestFunction): void {
    this.#hooks.after.push(run);
  }

  beforeEach(run: TestFunction): void {
    this.#hooks.beforeEach.push(run);
  }

  afterEach(run: TestFunction): void {
    this.#hooks.afterEach.push(run);
  }

  async waitFor<Result>(
    condition: () => Result | Promise<Result>,
    { interval = 50, timeout = 1000 }: { readonly interval?: number; readonly timeout?: number } = {},
  ): Promise<Result> {
    const untilMs = performance.now() + timeout;
    for (;;) {
      try {
        return await condition();
      } catch (cause) {
        if (performance.now() + interval > untilMs) throw new Error('waitFor() timed out', { cause });
      }
      await wait(interval, undefined, { signal: this.signal });
    }
  }

  // What has a meaning for a report alone has none under load.
  diagnostic(): void {}
  skip(): void {}
  todo(): void {}
  runOnly(): void {}

  /** Runs a test within this one, after those before it. As in node:test its failure is this test's, and is not thrown here. */
  subTest(args: readonly unknown[]): Promise<void> {
    const { name, mode, run } = readDeclaration(args);
    this.#counted += 1;
    if (mode === 'skip' || !run) return Promise.resolve();
    return this.#enqueue(() =>
      this.#scenario.step(name, async () => {
        const inner = new NodeTestContext(name, `${this.fullName} > ${name}`, this.#scenario);
        try {
          for (const hook of this.#hooks.beforeEach) await callNodeTest(hook, inner);
          await runningTest.run(inner.session, () => callNodeTest(run, inner));
          await inner.settle();
        } finally {
          for (const hook of this.#hooks.afterEach) await callNodeTest(hook, inner);
          await inner.close();
        }
      }),
    );
  }

  /** Waits for the sub-tests. Throws the first failure, or that the plan was not kept. */
  async settle(): Promise<void> {
    let queue: Promise<void> | undefined;
    // A sub-test may add others.
    while (queue !== this.#queue) {
      queue = this.#queue;
      await queue;
    }
    if (this.#failures.length > 0) throw this.#failures[0];
    if (this.#planned !== undefined && this.#planned !== this.#counted)
      throw new Error(`plan expected ${this.#planned} assertions but received ${this.#counted}`);
  }

  async close(): Promise<void> {
    for (const hook of this.#hooks.after) await callNodeTest(hook, this);
    this.#mock?.reset();
  }

  get session(): TestSession {
    return {
      context: this,
      subTest: (args) => this.subTest(args),
      settle: () => this.settle(),
      close: (error) => {
        this.error = error ?? null;
        return this.close();
      },
    };
  }

  #enqueue(run: () => Promise<unknown>): Promise<void> {
    this.#queue = this.#queue.then(run).then(
      () => undefined,
      (error: unknown) => void this.#failures.push(error),
    );
    return this.#queue;
  }

  #countingAssert(): object {
    const assert = process.getBuiltinModule('node:assert');
    return new Proxy(assert, {
      get: (target, key) => {
        const found: unknown = Reflect.get(target, key);
        if (typeof found !== 'function') return found;
        return (...args: unknown[]): unknown => {
          this.#counted += 1;
          return (found as (...all: unknown[]) => unknown)(...args);
        };
      },
    });
  }
}

import { AsyncLocalStorage } from 'node:async_hooks';
import { type Dialect, type HookKind, type Mode, Suite, type TestCase, type TestFunction } from './suite.ts';

/** Collects what a test file declares while it is loaded. */
export class TestFile {
  readonly root: Suite = new Suite('', 'run');
  // An asynchronous `describe` is still in its own suite after it has waited.
  readonly #within = new AsyncLocalStorage<Suite>();
  readonly #describing: Promise<unknown>[] = [];

  addTest(test: Omit<TestCase, 'suite'>): void {
    const suite = this.#suite;
    suite.children.push({ ...test, suite });
  }

  /** Runs the function of a `describe` at once; what it declares is below it. */
  addSuite(name: string, mode: Mode, describe: (() => unknown) | undefined): void {
    const suite = new Suite(name, mode, this.#suite);
    this.#suite.children.push(suite);
    if (!describe) return;
    const described = this.#within.run(suite, describe);
    if (described instanceof Promise) {
      this.#describing.push(described);
      // Told by `finish`.
      described.catch(() => undefined);
    }
  }

  addHook(kind: HookKind, dialect: Dialect, run: TestFunction): void {
    this.#suite.hooks[kind].push({ dialect, run });
  }

  /** Waits until every `describe` has ended. Throws what one has thrown. */
  async described(): Promise<void> {
    for (let done = 0; done < this.#describing.length; done++) await this.#describing[done];
  }

  get #suite(): Suite {
    return this.#within.getStore() ?? this.root;
  }
}

/** What the test file of this process declares. */
export const testFile: TestFile = new TestFile();

import type { ScenarioContext } from '../api/context.ts';

/** A function of a test file, called as its runner would call it. */
export type TestFunction = (...args: never[]) => unknown;

export type HookKind = 'before' | 'after' | 'beforeEach' | 'afterEach';
export type Mode = 'run' | 'skip' | 'only';

/** How a runner (node:test, vitest) calls the functions of its files. */
export type Dialect = {
  /** Hooks that come after are run from the last declared one to the first, within their suite. */
  readonly lastHookFirst: boolean;
  /** What belongs to one run of a test. */
  open(test: TestCase, scenario: ScenarioContext): TestSession;
  /** Calls a test or a hook, and waits for it. */
  call(run: TestFunction, context: unknown): Promise<unknown>;
  /** What `before` and `after` of a suite are called with. */
  suiteContext(suite: Suite): unknown;
};

/** One run of a test. */
export type TestSession = {
  /** What the test and the hooks around it are called with. */
  readonly context: unknown;
  /** Runs a test that is declared within a running one. */
  subTest(args: readonly unknown[]): Promise<void>;
  /** Called when the test's function has ended. Throws what has failed without throwing by itself. */
  settle(): Promise<void>;
  /** Called instead when it threw: gives what the test has failed of, all in all. */
  failed?(error: unknown): unknown;
  /** Called after all hooks, with the first error if there is one. */
  close(error: unknown): Promise<void>;
};

export type TestCase = {
  readonly name: string;
  readonly suite: Suite;
  readonly dialect: Dialect;
  readonly mode: Mode;
  readonly run: TestFunction;
  /** ms; undefined: as long as it takes. */
  readonly timeoutMs?: number | undefined;
  /** Whether it is meant to fail. */
  readonly fails?: boolean | undefined;
};

/** A `describe`, or the file itself. */
export class Suite {
  readonly name: string;
  readonly mode: Mode;
  readonly parent: Suite | undefined;
  readonly children: (Suite | TestCase)[] = [];
  readonly hooks: Readonly<Record<HookKind, { readonly dialect: Dialect; readonly run: TestFunction }[]>> = {
    before: [],
    after: [],
    beforeEach: [],
    afterEach: [],
  };

  constructor(name: string, mode: Mode, parent?: Suite) {
    this.name = name;
    this.mode = mode;
    this.parent = parent;
  }

  /** The suites around, from the file to this one. */
  get line(): readonly Suite[] {
    return [...(this.parent?.line ?? []), this];
  }

  /** The tests that are to be run, in the order of the file: none that is skipped, and where there is an `only`, only those. */
  selected(): readonly TestCase[] {
    const narrowed = this.#hasOnly();
    return this.children.flatMap((child): readonly TestCase[] => {
      if (child.mode === 'skip') return [];
      if (!(child instanceof Suite)) return narrowed && child.mode !== 'only' ? [] : [child];
      return narrowed && child.mode !== 'only' && !child.#hasOnly() ? [] : child.selected();
    });
  }

  #hasOnly(): boolean {
    return this.children.some(
      (child) => child.mode === 'only' || (child instanceof Suite && child.mode !== 'skip' && child.#hasOnly()),
    );
  }
}

/** The names of the suites around a test and its own: `basket > takes a rope`. */
export function fullNameOf({ name, suite }: Pick<TestCase, 'name' | 'suite'>): string {
  return [...suite.line.slice(1).map((one) => one.name), name].join(' > ');
}

/** The parts of an `expect` of vitest that the stand-in uses. */
export type VitestExpect = ((value: unknown, message?: string) => unknown) & {
  readonly getState: () => ExpectState;
  readonly setState: (state: Partial<ExpectState>) => void;
};

export type ExpectState = {
  readonly assertionCalls: number;
  readonly isExpectingAssertions?: boolean;
  readonly isExpectingAssertionsError?: Error | null;
  readonly expectedAssertionsNumber?: number | null;
  readonly expectedAssertionsNumberErrorGen?: (() => Error) | null;
};

/** What `expect` writes into the test that it belongs to. */
export type VitestTask = {
  readonly type: 'test';
  readonly name: string;
  readonly fullName: string;
  readonly fullTestName: string;
  readonly file: { readonly filepath: string };
  readonly meta: Record<string, unknown>;
  readonly context: unknown;
  /** Assertions on promises that nobody may have waited for. */
  promises?: Promise<unknown>[];
  /** Failures of `expect.soft`. */
  result?: { readonly errors?: readonly { readonly message?: string; readonly stack?: string }[] };
};

/** The exports of the user's own vitest that the stand-in uses. */
export type VitestModule = {
  readonly expect: VitestExpect;
  readonly createExpect?: (task: VitestTask) => VitestExpect;
  readonly vi: object;
};

/** vitest asks its runner for a state that is not there outside of it; most of `expect` and `vi` need no more than this. */
export function provideWorkerState(): void {
  if ('__vitest_worker__' in globalThis) return;
  const state = {
    config: { expect: {}, sequence: {}, snapshotOptions: {} },
    filepath: '',
    providedContext: {},
    onCancel: () => undefined,
  };
  Object.defineProperty(globalThis, '__vitest_worker__', { value: state, configurable: true, writable: true });
}

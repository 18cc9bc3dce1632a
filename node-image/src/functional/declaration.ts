import type { Mode, TestFunction } from './suite.ts';

/** What a runner's `test(name, options, fn)` was called with. */
export type Declaration = {
  readonly name: string;
  readonly mode: Mode;
  readonly run: TestFunction | undefined;
  readonly timeoutMs: number | undefined;
  readonly fails: boolean;
};

type Options = {
  readonly skip?: unknown;
  readonly todo?: unknown;
  readonly only?: unknown;
  readonly fails?: unknown;
  readonly timeout?: unknown;
};

/** Reads `(name?, options?, fn?, timeoutMs?)`, of which any part may be missing, as both runners take it. */
export function readDeclaration(args: readonly unknown[]): Declaration {
  const [first] = args;
  const run = args.find(
    (one, i): one is TestFunction =>
      typeof one === 'function' && (i > 0 || args.length === 1 || typeof args[1] !== 'function'),
  );
  const options = args.find((one): one is Options => typeof one === 'object' && one !== null) ?? {};
  const timeout = args.find((one, i) => i > 0 && typeof one === 'number') ?? options.timeout;
  return {
    name: nameOf(first, run),
    mode: isSet(options.skip) || isSet(options.todo) ? 'skip' : isSet(options.only) ? 'only' : 'run',
    run,
    timeoutMs: typeof timeout === 'number' && Number.isFinite(timeout) && timeout > 0 ? timeout : undefined,
    fails: isSet(options.fails),
  };
}

/** A suite may be named after a class or a function. */
function nameOf(first: unknown, run: TestFunction | undefined): string {
  const name = typeof first === 'function' ? first.name : typeof first === 'object' ? run?.name : String(first ?? '');
  return name === undefined || name === '' ? '<anonymous>' : name;
}

/** `skip: 'why'` is set, too. */
function isSet(value: unknown): boolean {
  return value !== undefined && value !== false;
}

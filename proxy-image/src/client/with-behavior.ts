import type { Options } from '../control/behavior-setting.ts';

/** What is set, as far as it takes to set it again. */
export type SetBehavior = {
  readonly behavior: string;
  readonly options: Options;
  readonly source: 'live' | 'standing';
  readonly scope?: unknown;
  readonly match?: unknown;
  /** ms until it ends by itself; undefined: it does not. */
  readonly remainingMs?: number | undefined;
};

/** Whoever can set behaviors: a client of the control API, or a proxy in this process. */
export type BehaviorControl = {
  getBehavior(): Promise<SetBehavior>;
  setBehavior(name: string, options?: Options): Promise<SetBehavior>;
  reset(): Promise<SetBehavior>;
};

/**
 * Sets a behavior while `fn` runs, and then what was set before, with its options and what was left of its time to live,
 * even when `fn` throws. When both fail the error is a SuppressedError with both.
 */
export async function withBehavior<Result>(
  control: BehaviorControl,
  name: string,
  options: Options,
  fn: () => Promise<Result> | Result,
): Promise<Result> {
  const before = await control.getBehavior();
  const beganMs = performance.now();
  await using stack = new AsyncDisposableStack();
  // Registered first: a change whose answer was lost is undone too.
  stack.defer(() => restore(control, before, performance.now() - beganMs));
  await control.setBehavior(name, options);
  return await fn();
}

async function restore(control: BehaviorControl, before: SetBehavior, passedMs: number): Promise<void> {
  const { source, behavior, options, scope, match, remainingMs } = before;
  const leftMs = remainingMs === undefined ? undefined : Math.ceil(remainingMs - passedMs);
  if (source === 'standing' || (leftMs !== undefined && leftMs <= 0)) {
    await control.reset();
    return;
  }
  await control.setBehavior(behavior, {
    ...options,
    ...(scope === undefined ? {} : { scope }),
    ...(match === undefined ? {} : { match }),
    ...(leftMs === undefined ? {} : { ttl: `${leftMs}ms` }),
  });
}

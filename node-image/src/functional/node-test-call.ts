import type { TestFunction } from './suite.ts';

type Done = (error?: unknown) => void;

/** Calls a test or a hook of node:test: one that takes a second argument says by calling it that it has ended. */
export async function callNodeTest(run: TestFunction, context: unknown): Promise<unknown> {
  const call = run as (context: unknown, done?: Done) => unknown;
  if (run.length < 2) return await call(context);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  await call(context, (error) => (error === undefined || error === null ? resolve() : reject(error)));
  return await promise;
}

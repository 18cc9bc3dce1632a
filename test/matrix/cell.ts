import { expect } from 'vitest';
import { PATIENCE_MS, type Stage } from './stage.ts';

/** A claim that a behavior makes for every protocol, and its proof. The rules are lifted after it. */
export type Cell = {
  readonly claim: string;
  prove(stage: Stage): Promise<void>;
};

/** What a promise is rejected with, before a client would give up by itself. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const begin = performance.now();
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (!('error' in outcome)) throw new Error(`expected a rejection, got ${JSON.stringify(outcome.value)}`);
  expect(performance.now() - begin).toBeLessThan(PATIENCE_MS);
  return outcome.error;
}

/** Whether a client library says that its connection was reset; otherwise it has ended in good order, or not at all. */
export function isReset(error: unknown): boolean {
  for (let one = error; one instanceof Error; one = one.cause) {
    // Who was reset before it wrote gets the other one.
    const codes = ['code', 'originalCode'].map((name): unknown => Reflect.get(one, name));
    if (codes.some((code) => code === 'ECONNRESET' || code === 'EPIPE')) return true;
  }
  return false;
}

/** The client library recognises the error of the fault with this number, from 0: its code, and its id in the text. */
export function expectNativeError({ driver, faults }: Stage, error: unknown, number: number = 0): void {
  const told = driver.told(error) ?? { notRecognised: error };
  const text = driver.requests ? expect.stringContaining(faults[number]?.id ?? 'no fault') : expect.any(String);
  expect(told).toEqual({ code: driver.code, text });
}

/** Runs something that is to take this long at least. */
export async function takesAtLeast<T>(ms: number, action: () => Promise<T>): Promise<T> {
  const begin = performance.now();
  const result = await action();
  // Timers count whole milliseconds.
  expect(performance.now() - begin).toBeGreaterThanOrEqual(ms - 1);
  return result;
}

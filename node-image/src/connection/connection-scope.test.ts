import { expect, test } from 'vitest';
import { type Connection, ConnectionScope } from './connection-scope.ts';

/** A connection that notes what happens to it; it closes when it is let, or cut. */
function connectionOf(log: string[]): Connection & { let(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    async close() {
      log.push('closing');
      await promise;
      log.push('closed');
    },
    cut() {
      log.push('cut');
      resolve();
    },
    let: resolve,
  };
}

test('what is left open is closed, at the same time; what was closed before is not', async () => {
  const log: string[] = [];
  const scope = new ConnectionScope(new AbortController().signal);
  const [first, second, third] = [connectionOf(log), connectionOf(log), connectionOf(log)];
  for (const one of [first, second, third]) scope.add(one);
  scope.delete(second);
  expect(scope.size).toBe(2);
  const closed = scope.close();
  expect(log).toEqual(['closing', 'closing']);
  first.let();
  third.let();
  await closed;
  expect([log.slice(2), scope.size]).toEqual([['closed', 'closed'], 0]);
});

test('a stop of the run cuts what is open, what is being closed, and what opens later', async () => {
  const log: string[] = [];
  const stop = new AbortController();
  const [scope, other] = [new ConnectionScope(stop.signal), new ConnectionScope(stop.signal)];
  scope.add(connectionOf(log));
  other.add(connectionOf(log));
  const closed = other.close();
  stop.abort();
  expect(log).toEqual(['closing', 'cut', 'cut']);
  await closed;
  scope.add(connectionOf(log));
  expect([log, scope.size]).toEqual([['closing', 'cut', 'cut', 'closed', 'cut'], 0]);
});

test('a scope can be used again after it was closed', async () => {
  const log: string[] = [];
  const stop = new AbortController();
  const scope = new ConnectionScope(stop.signal);
  await scope.close();
  scope.add(connectionOf(log));
  stop.abort();
  expect(log).toEqual(['cut']);
});

import { expect, test } from 'vitest';
import type { SessionFactory, WorkerContext } from '../api/context.ts';
import { WorkerSessions } from './worker-sessions.ts';

const CONTEXT = { worker: 3 } as WorkerContext;

function sessionsOf(factories: Readonly<Record<string, SessionFactory>>): WorkerSessions {
  return new WorkerSessions(new Map(Object.entries(factories)), () => CONTEXT);
}

/** As most libraries have it: `close` of a class, which needs its `this`. */
class Closable {
  readonly #closed: string[];

  constructor(closed: string[]) {
    this.#closed = closed;
  }

  close(): void {
    this.#closed.push('closed');
  }
}

test('a worker has one session of each kind, made when it is asked for, also by several at once', async () => {
  let made = 0;
  const sessions = sessionsOf({
    queue: async ({ worker }) => ({ worker, number: ++made }),
    other: () => expect.unreachable(),
  });
  const [first, second] = await Promise.all([sessions.get('queue'), sessions.get('queue')]);
  expect(first).toEqual({ worker: 3, number: 1 });
  expect(second).toBe(first);
  await expect(sessions.get('quue')).rejects.toThrow("no sessionFactory makes a 'quue'; did you mean 'queue'?");
});

test('a session that could not be made is made the next time', async () => {
  let tries = 0;
  const sessions = sessionsOf({
    queue: async () => {
      if (++tries === 1) throw new Error('not yet');
      return 'open';
    },
  });
  await expect(sessions.get('queue')).rejects.toThrow('not yet');
  expect(await sessions.get('queue')).toBe('open');
});

test('sessions are closed in their own way, and one that throws keeps no other from it', async () => {
  const closed: string[] = [];
  const sessions = sessionsOf({
    disposed: () => ({ [Symbol.asyncDispose]: async () => closed.push('disposed'), close: () => expect.unreachable() }),
    closed: () => new Closable(closed),
    broken: () => ({ close: () => Promise.reject(new Error('stuck')) }),
    plain: () => 7,
  });
  for (const kind of ['broken', 'disposed', 'closed', 'plain']) await sessions.get(kind);
  const errors: unknown[] = [];
  await sessions.close((error) => errors.push(error));
  expect(closed.toSorted()).toEqual(['closed', 'disposed']);
  expect(errors).toMatchObject([{ message: 'stuck' }]);
});

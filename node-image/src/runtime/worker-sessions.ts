import { didYouMean } from '@loads/core';
import type { SessionFactory, WorkerContext } from '../api/context.ts';

/** The sessions of a worker that its file makes itself: one of each kind, made when it is first asked for. */
export class WorkerSessions {
  readonly #factories: ReadonlyMap<string, SessionFactory>;
  readonly #context: () => WorkerContext;
  readonly #sessions = new Map<string, Promise<unknown>>();

  constructor(factories: ReadonlyMap<string, SessionFactory>, context: () => WorkerContext) {
    this.#factories = factories;
    this.#context = context;
  }

  /** The session of a kind. Rejects with what its factory throws, which is asked again then, or a TypeError for no kind. */
  get(kind: string): Promise<unknown> {
    let session = this.#sessions.get(kind);
    if (session === undefined) {
      session = this.#make(kind);
      this.#sessions.set(kind, session);
      session.catch(() => this.#sessions.delete(kind));
    }
    return session;
  }

  /** Closes all of them by `Symbol.asyncDispose`, `Symbol.dispose` or `close`; `onError` hears what they throw. */
  async close(onError: (error: unknown) => void): Promise<void> {
    const all = Array.from(this.#sessions.values());
    this.#sessions.clear();
    await Promise.all(
      all.map(async (session) => {
        const made = await session.catch(() => undefined);
        try {
          await closerOf(made)?.();
        } catch (error) {
          onError(error);
        }
      }),
    );
  }

  async #make(kind: string): Promise<unknown> {
    const factory = this.#factories.get(kind);
    if (factory) return await factory(this.#context());
    const hint = didYouMean(kind, [...this.#factories.keys()]);
    throw new TypeError(`no sessionFactory makes a '${kind}'${hint === undefined ? '' : `; did you mean '${hint}'?`}`);
  }
}

/** What closes a session, if anything does. */
function closerOf(session: unknown): (() => unknown) | undefined {
  if (typeof session !== 'object' || session === null) return undefined;
  const own = session as { readonly [name in typeof Symbol.asyncDispose | typeof Symbol.dispose | 'close']?: unknown };
  const closer = own[Symbol.asyncDispose] ?? own[Symbol.dispose] ?? own.close;
  return typeof closer === 'function' ? () => closer.call(session) : undefined;
}

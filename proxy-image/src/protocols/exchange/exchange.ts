import type { Injection } from '../../proxy/injection.ts';
import type { Answer, Request } from './codec.ts';

/** How one request of a connection is to end, and what is known of it so far. */
export type Exchange = {
  readonly request: Request;
  readonly injection: Injection | undefined;
  /** Whether the backend gets the request, and so will answer it. */
  readonly forwarded: boolean;
  /** What the client gets in the place of the backend's answer, or without one. */
  readonly answer: Answer | undefined;
  /** All bytes of the request have come. */
  complete: boolean;
  /** How long the answer is still to be held, ms. */
  holdMs: number | undefined;
  /** Bytes of the answer that the client gets before the connection is cut. */
  abortAfter: number | undefined;
  /** Number of the pieces of the answer that were corrupted so far. */
  pieces: number;
};

/** An exchange that is forwarded and passes, unless `change` says otherwise. */
export function exchangeOf(request: Request, change: Partial<Exchange> = {}): Exchange {
  return {
    request,
    injection: undefined,
    forwarded: true,
    answer: undefined,
    complete: false,
    holdMs: undefined,
    abortAfter: undefined,
    pieces: 0,
    ...change,
  };
}

import type { FailureClass } from '../http/failure-class.ts';
import { ProxyError } from '../http/proxy-error.ts';
import { tlsReason } from '../http/tls-reason.ts';

/** What a connection or a call on it failed of. */
export type Failing = {
  readonly failure: FailureClass;
  /** Why, in a few words that are the same for all that failed alike. */
  readonly reason: string;
  /** The error of the network, or of the library. */
  readonly cause?: unknown;
};

/**
 * What went wrong on a connection. It was counted where it happened, by its class: a scenario that throws it on fails,
 * and does not count it again.
 */
export abstract class ConnectionError extends Error {
  /** Why, in a word. */
  readonly failure: FailureClass;
  /** Why, in a few. */
  readonly reason: string;

  /** `what` names the connection or the call, with its address. */
  constructor(what: string, { failure, reason, cause }: Failing) {
    super(`${what}: ${reason}`, { cause });
    this.failure = failure;
    this.reason = reason;
  }
}

/** The failure of a connection that an error tells of, but for what its own user has ended before. */
export function connectionErrorOf(error: unknown): ConnectionError | undefined {
  return error instanceof ConnectionError && error.failure !== 'aborted' ? error : undefined;
}

/** Why a connection failed, for an error of the network of this class. */
export function networkReason(failure: FailureClass, cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof ProxyError) return message;
  switch (failure) {
    case 'refused':
      return 'connection refused';
    case 'reset':
      return 'connection reset by the peer';
    case 'eof':
      return 'the peer closed the connection';
    case 'dns':
      return 'the host name cannot be resolved';
    case 'tls':
      return tlsReason(cause, 'connection');
    default:
      return message;
  }
}

/** How something ends that the run itself has cut off. */
export const CUT: Failing = { failure: 'aborted', reason: 'the run was stopped' };

/** How something ends on a connection that its own user has closed. */
export const CLOSED: Failing = { failure: 'aborted', reason: 'the connection was closed' };

/** How something ends that took longer than it may, ms. */
export function tooLate(what: string, timeoutMs: number): Failing {
  return { failure: 'timeout', reason: `no ${what} within ${timeoutMs} ms` };
}

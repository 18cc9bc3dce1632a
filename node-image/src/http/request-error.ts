import { codeOf } from './classify-failure.ts';
import type { FailureClass } from './failure-class.ts';
import { ProxyError } from './proxy-error.ts';
import { tlsReason } from './tls-reason.ts';

/** A request that got no complete response. `failure` says why in a word, `reason` in a few, `cause` is the error of the network. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly method: string;
  readonly url: string;
  readonly failure: FailureClass;
  readonly reason: string;

  constructor(method: string, url: string, failure: FailureClass, cause: Error) {
    const reason = reasonOf(failure, cause);
    super(`${method} ${url} failed: ${reason}`, { cause });
    this.method = method;
    this.url = url;
    this.failure = failure;
    this.reason = reason;
  }
}

function reasonOf(failure: FailureClass, cause: Error): string {
  if (cause instanceof ProxyError) return cause.message;
  const code = codeOf(cause);
  switch (failure) {
    case 'refused':
      return code === 'ENOENT' ? 'there is no such socket' : 'connection refused';
    case 'reset':
      return 'connection reset by the peer';
    case 'eof':
      return 'the peer closed the connection before the response was complete';
    case 'dns':
      return `the host name cannot be resolved (${code})`;
    case 'tls':
      return tlsReason(cause, 'session');
    case 'protocol':
      return `malformed response: ${cause.message}`;
    default:
      return cause.message;
  }
}

import { codeOf } from './classify-failure.ts';
import type { FailureClass } from './failure-class.ts';

/** A response body beyond this fails its request: bodies are kept in memory. */
export const MAX_BODY_BYTES: number = 64 * 1024 * 1024;

/** A request that got no complete response. `failure` says why in a word, `cause` is the error of the network. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly method: string;
  readonly url: string;
  readonly failure: FailureClass;

  constructor(method: string, url: string, failure: FailureClass, cause: Error) {
    super(`${method} ${url} failed: ${reason(failure, cause)}`, { cause });
    this.method = method;
    this.url = url;
    this.failure = failure;
  }
}

function reason(failure: FailureClass, cause: Error): string {
  const code = codeOf(cause);
  switch (failure) {
    case 'refused':
      return 'connection refused';
    case 'reset':
      return 'connection reset by the peer';
    case 'eof':
      return 'the peer closed the connection before the response was complete';
    case 'dns':
      return `the host name cannot be resolved (${code})`;
    case 'tls':
      return `no TLS connection: ${cause.message} (${code})`;
    case 'protocol':
      return `malformed response: ${cause.message}`;
    default:
      return code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE'
        ? `the response body is larger than ${MAX_BODY_BYTES} bytes`
        : cause.message;
  }
}

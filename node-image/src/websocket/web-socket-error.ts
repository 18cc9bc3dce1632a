import { ConnectionError, type Failing } from '../connection/connection-error.ts';

/** A WebSocket that could not be opened, broke, or did not bring in time what was waited for. */
export class WebSocketError extends ConnectionError {
  override readonly name = 'WebSocketError';
  readonly url: string;
  /** The status of the answer to a handshake that was refused, or the code with which the peer closed the connection. */
  readonly code: number | undefined;

  constructor(url: string, failing: Failing, code?: number) {
    super(`WebSocket ${url}`, failing);
    this.url = url;
    this.code = code;
  }
}

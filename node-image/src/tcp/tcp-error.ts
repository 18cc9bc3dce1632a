import { ConnectionError, type Failing } from '../connection/connection-error.ts';

/** A TCP connection that could not be opened, broke, or did not bring in time what was waited for. */
export class TcpError extends ConnectionError {
  override readonly name = 'TcpError';
  /** `host:port`, as it was given. */
  readonly address: string;

  constructor(address: string, failing: Failing) {
    super(`TCP ${address}`, failing);
    this.address = address;
  }
}

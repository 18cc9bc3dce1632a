import { Transaction } from './transaction.ts';

/** What the two directions of one connection know of each other. */
export class Link {
  readonly transaction: Transaction = new Transaction();
  /** Nothing more can be read of the connection, in either direction. */
  lost = false;
  /**
   * A COPY of the extended protocol takes data from the client. The server ignores the Sync that came with it, and
   * waits for another one after the data.
   */
  copying = false;
}

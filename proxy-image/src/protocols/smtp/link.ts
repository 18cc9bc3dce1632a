import type { Unit } from './unit.ts';

/** What the two directions of one connection know of each other. */
export class Link {
  /** Nothing more can be read of the connection, in either direction. */
  lost = false;
  /** The server waits for a message. */
  takesMessage = false;
  /** An AUTH without its last reply: what the client sends belongs to it. */
  authenticating: Unit | undefined;
  /** A BDAT has failed by an injected error: the server would put the next one to what it has, and the client must reset. */
  chunksFailed = false;
  /** The request that the client has begun last. */
  last: Unit | undefined;
}

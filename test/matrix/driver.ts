import type { Address } from '@loads/core';

/** A protocol of the matrix: its real client library, its real server, and what is particular to it. */
export type Driver = {
  /** The protocol's name in the registry. */
  readonly protocol: string;
  /** Why its cells cannot be run on this machine; undefined: they can. */
  missing(): string | undefined;
  /**
   * Whether the protocol has requests. Without them a fault is one of the connection, and an error is meaningless bytes
   * and an end, without a code and an id.
   */
  readonly requests: boolean;
  /** What faults call the requests of the client: the first one of a write, and the one with which it is done. */
  readonly operations: { readonly ask: string; readonly write: string; readonly commit: string };
  /** An error code that is not the protocol's default; undefined: it has no codes. */
  readonly code: string | number | undefined;
  /** The native error in what the client library threw; undefined: it threw something else. */
  told(error: unknown): Told | undefined;
  /** Starts the server. */
  open(): Promise<Service>;
};

/** An error of the server, as the client library tells it. */
export type Told = { readonly code: string | number | undefined; readonly text: string };

/** A running server. */
export type Service = AsyncDisposable & {
  readonly address: Address;
  /** Connects a client to the server, or to what stands in front of it. The library gives up after `timeoutMs`. */
  connect(address: Address, timeoutMs: number): Promise<Client>;
  /** How many writes the server has done, asked from itself. */
  writes(): Promise<number>;
};

/** One connection of the client library. Disposing of it drops it, whatever state it is in. */
export type Client = AsyncDisposable & {
  /** One request that changes nothing. Gives the answer, which is the same each time until something is written. */
  ask(): Promise<string>;
  write(): Promise<void>;
};

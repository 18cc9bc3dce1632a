import type { ClientProcess } from './client-process.ts';

/** The load that every competitor makes. */
export type ClientLoad = {
  readonly url: string;
  /** Connections, each with one request under way at any time. */
  readonly connections: number;
  /** How long the client makes requests by itself, s. */
  readonly seconds: number;
  /** A folder for what the client writes. */
  readonly dir: string;
};

/** A client whose cost is measured. */
export type Competitor = {
  readonly name: string;
  /** The program that has to be installed for it, if it does not come with this project. */
  readonly needs?: string | undefined;
  /** Starts the client, which ends by itself. */
  start(load: ClientLoad, signal: AbortSignal): Promise<ClientProcess>;
};

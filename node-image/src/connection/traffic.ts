import { type Address, formatAddress } from '@loads/core';
import type { Recorder } from '../recording/recorder.ts';
import type { ConnectionError } from './connection-error.ts';
import type { ConnectionScope } from './connection-scope.ts';

/** What the connections of a worker or a fixture have in common: whose they are, where they lead, where their samples go. */
export type Traffic = {
  readonly scope: ConnectionScope;
  readonly recorder: Recorder;
  /** By `host:port`: connect there instead (the chaos proxy). */
  readonly dial: ReadonlyMap<string, Address>;
  /** The target of the run, where relative URLs start. */
  readonly target: string | undefined;
  /** The hard stop of the run. */
  readonly signal: AbortSignal;
  /** The scenario or fixture that runs now. */
  readonly scenario: () => string;
  /** The step that it is in, below those around it; '' for none. */
  readonly group: () => string;
};

/** Where to connect for an address: to the proxy before it, where there is one. */
export function dialled({ dial }: Traffic, address: Address): Address {
  return dial.get(formatAddress(address)) ?? address;
}

/**
 * Counts a failure of something of this name that began at `fromMs`, and gives the error. What the run itself has cut off
 * is none.
 */
export function counted<Failed extends ConnectionError>(
  { recorder, scenario }: Traffic,
  name: string,
  error: Failed,
  fromMs: number,
): Failed {
  if (error.failure !== 'aborted') recorder.connectionFailure(scenario(), name, error, fromMs, performance.now());
  return error;
}

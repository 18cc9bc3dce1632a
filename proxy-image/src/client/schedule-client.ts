import type { FaultWindow } from '@loads/core';
import type { Options } from '../control/behavior-setting.ts';
import type { TallyRow } from '../control/fault-tally.ts';

/** What a proxy is and has counted, as far as its clients ask. */
export type ClientProxy = {
  readonly name: string;
  readonly protocol: string;
  readonly backend: string;
  readonly stats: Readonly<Record<string, number>>;
};

/** The schedule of a proxy. Instants are epoch ms by the proxy's clock, which `nowMs` tells. */
export type ClientSchedule = {
  readonly startAtMs?: number | undefined;
  readonly run?: string | undefined;
  readonly expiresAtMs?: number | undefined;
  readonly nowMs: number;
  readonly active: readonly string[];
  readonly faults?: readonly TallyRow[] | undefined;
  /** When the entries of the run have been in force, ms from its start. */
  readonly windows?: readonly FaultWindow[] | undefined;
};

/** Entries that a run hands to a proxy; they wait for their start, and end `ttl` after the last renewal. */
export type HeldSchedule = { readonly run: string; readonly ttl: string; readonly entries: readonly Options[] };

/** What a run changes of the schedule that it holds. `startIn`: so long from now. */
export type ScheduleChange = {
  readonly run: string;
  readonly ttl?: string | undefined;
  readonly startIn?: string | undefined;
};

import type { PhaseStamp } from '@loads/core';

/** Says where a sample stands that began and ended at these instants (ms of the process's monotonic clock). */
export type Stamp = (fromMs: number, toMs: number) => PhaseStamp;

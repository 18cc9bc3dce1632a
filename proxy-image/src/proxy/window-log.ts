import { type FaultWindow, type PlannedWindow, plannedWindows, type ScheduleEntry } from '@loads/core';

/** Writes down when the windows of a schedule really began and ended. Times are ms from the start of the schedule. */
export class WindowLog {
  readonly #planned: readonly PlannedWindow[];
  readonly #seen = new Map<PlannedWindow, FaultWindow>();

  constructor(schedule: readonly ScheduleEntry[]) {
    this.#planned = plannedWindows(schedule);
  }

  /** At `actualMs` the proxies keep what is planned for `plannedMs`. */
  note(plannedMs: number, actualMs: number): void {
    for (const planned of this.#planned) {
      const { fault, proxy, atMs, forMs } = planned;
      const known = this.#seen.get(planned);
      const inForce = atMs <= plannedMs && plannedMs < atMs + forMs;
      if (inForce && !known) {
        this.#seen.set(planned, { fault, proxy, plannedMs: atMs, fromMs: Math.round(actualMs), toMs: null });
      } else if (!inForce && known?.toMs === null) {
        this.#seen.set(planned, { ...known, toMs: Math.round(actualMs) });
      }
    }
  }

  /** At `actualMs` the proxies keep nothing any more. */
  end(actualMs: number): void {
    this.note(Number.POSITIVE_INFINITY, actualMs);
  }

  /** The windows that have begun. One that is still open has no end. */
  get windows(): readonly FaultWindow[] {
    return [...this.#seen.values()];
  }
}

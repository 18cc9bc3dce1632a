import { changesOf, entriesAt, type ScheduleEntry } from '@loads/core';
import type { BehaviorSetting } from './behavior-setting.ts';
import type { Clock } from './clock.ts';

/** An entry of a schedule with the setting that it stands for. */
export type ScheduledSetting = ScheduleEntry & BehaviorSetting;

/** Entries, and the instant (epoch ms) from which their times count. */
export type Schedule = { readonly startAtMs: number; readonly entries: readonly ScheduledSetting[] };

/** Keeps a schedule: says which entries are in force, and calls `onChange` whenever that changes by the clock. */
export class ScheduleKeeper {
  readonly #clock: Clock;
  readonly #onChange: () => void;
  #schedule: Schedule | undefined;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, onChange: () => void) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  get schedule(): Schedule | undefined {
    return this.#schedule;
  }

  /** The entries in force at this moment, in their order. */
  get active(): readonly ScheduledSetting[] {
    if (!this.#schedule) return [];
    const { entries, startAtMs } = this.#schedule;
    const active = new Set<ScheduleEntry>(entriesAt(entries, this.#clock.now() - startAtMs));
    return entries.filter((entry) => active.has(entry));
  }

  /** Takes a schedule in the place of the one before; without one keeps none. Does not call `onChange` itself. */
  keep(schedule: Schedule | undefined): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#schedule = schedule;
    this.#await();
  }

  /** Waits for the next change. */
  #await(): void {
    if (!this.#schedule) return;
    const { entries, startAtMs } = this.#schedule;
    const elapsed = this.#clock.now() - startAtMs;
    const next = changesOf(entries).find((moment) => moment > elapsed);
    if (next === undefined) return;
    // A timer may fire early: then nothing has changed yet, and it waits for the rest.
    this.#cancel = this.#clock.after(next - elapsed, () => {
      this.#onChange();
      this.#await();
    });
  }
}

import type { PhaseStamp } from '@loads/core';

/**
 * One series for every phase and fault that samples are stamped with. They are few, and samples that follow each other
 * nearly always share them, so comparing is cheaper than a key.
 */
export class ByStamp<S> {
  readonly #make: (stamp: PhaseStamp) => S;
  readonly #stamps: PhaseStamp[] = [];
  readonly #series: S[] = [];
  #last = -1;

  /** `make` gives the series of a stamp that has not been seen before. */
  constructor(make: (stamp: PhaseStamp) => S) {
    this.#make = make;
  }

  at(stamp: PhaseStamp): S {
    let at = this.#last;
    if (at < 0 || !same(this.#stamps[at], stamp)) {
      at = this.#stamps.findIndex((known) => same(known, stamp));
      this.#last = at;
    }
    return this.#series[at] ?? this.#add(stamp);
  }

  #add(stamp: PhaseStamp): S {
    const series = this.#make(stamp);
    this.#last = this.#stamps.push({ phase: stamp.phase, fault: stamp.fault }) - 1;
    this.#series.push(series);
    return series;
  }
}

function same(a: PhaseStamp | undefined, b: PhaseStamp): boolean {
  return a === b || (a !== undefined && a.phase === b.phase && a.fault === b.fault);
}

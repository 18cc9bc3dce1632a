import type { PhaseStamp } from '@loads/core';
import { ByStamp } from './by-stamp.ts';

type Kind<S> = { readonly method: string; readonly status: number; readonly series: ByStamp<S> };

/** The series of all requests of one name: one for each method, status and stamp. They are few, so there is no key. */
export class RequestKinds<S> {
  readonly #make: (method: string, status: number, stamp: PhaseStamp) => S;
  readonly #kinds: Kind<S>[] = [];

  constructor(make: (method: string, status: number, stamp: PhaseStamp) => S) {
    this.#make = make;
  }

  at(method: string, status: number, stamp: PhaseStamp): S {
    for (const kind of this.#kinds) {
      if (kind.status === status && kind.method === method) return kind.series.at(stamp);
    }
    const series = new ByStamp((stamp) => this.#make(method, status, stamp));
    this.#kinds.push({ method, status, series });
    return series.at(stamp);
  }
}

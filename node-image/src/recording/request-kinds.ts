import type { PhaseStamp } from '@loads/core';
import { ByStamp } from './by-stamp.ts';

type Kind<S> = Identity & { readonly series: ByStamp<S> };
/** What the requests of a series share beside their name. */
export type Identity = { readonly method: string; readonly status: number; readonly group: string };

/** The series of all requests of one name: one for each method, status, group and stamp. They are few, so there is no key. */
export class RequestKinds<S> {
  readonly #make: (identity: Identity, stamp: PhaseStamp) => S;
  readonly #kinds: Kind<S>[] = [];

  constructor(make: (identity: Identity, stamp: PhaseStamp) => S) {
    this.#make = make;
  }

  at({ method, status, group }: Identity, stamp: PhaseStamp): S {
    for (const kind of this.#kinds) {
      if (kind.status === status && kind.method === method && kind.group === group) return kind.series.at(stamp);
    }
    const series = new ByStamp((stamp) => this.#make({ method, status, group }, stamp));
    this.#kinds.push({ method, status, group, series });
    return series.at(stamp);
  }
}

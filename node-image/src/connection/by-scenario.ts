import type { Tags } from '@loads/core';
import type { Traffic } from './traffic.ts';

/**
 * What a connection records with, made anew when another scenario or step uses it: one that a worker's fixture has opened
 * serves all of them.
 */
export class ByScenario<Meters> {
  readonly #make: (tags: Tags) => Meters;
  readonly #traffic: Pick<Traffic, 'scenario' | 'group'>;
  readonly #name: string;
  #last: { readonly scenario: string; readonly group: string; readonly meters: Meters } | undefined;

  constructor(traffic: Pick<Traffic, 'scenario' | 'group'>, name: string, make: (tags: Tags) => Meters) {
    this.#traffic = traffic;
    this.#name = name;
    this.#make = make;
  }

  /** Those of the scenario and step that run now. */
  get now(): Meters {
    const [scenario, group] = [this.#traffic.scenario(), this.#traffic.group()];
    if (this.#last?.scenario !== scenario || this.#last.group !== group) {
      this.#last = { scenario, group, meters: this.#make({ scenario, name: this.#name, group }) };
    }
    return this.#last.meters;
  }
}

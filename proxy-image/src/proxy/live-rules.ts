import { isDeepStrictEqual } from 'node:util';
import { LoadsError } from '@loads/core';
import type { Behavior } from '../behaviors/behavior.ts';
import { behaviors } from '../behaviors/registry.ts';
import type { Rule } from './rule.ts';
import { Selection } from './selector.ts';

/** A rule in force, from the moment it came in until `ended` fires. Its behaviors are made anew each time. */
export type ActiveRule = {
  readonly rule: Rule;
  /** One behavior for each share of the rule, in its order. */
  readonly behaviors: readonly Behavior[];
  readonly ended: AbortSignal;
  /** Whether the rule may hit a unit; undefined: any. */
  readonly selects: Selection | undefined;
};

type Entry = ActiveRule & { readonly end: AbortController };

/** The rules in force on one proxy. A rule that a change leaves as it was stays in force without a seam. */
export class LiveRules {
  #entries: readonly Entry[] = [];

  get active(): readonly ActiveRule[] {
    return this.#entries;
  }

  /** The rule that has the proxy refuse all connections, if one does. */
  get refusing(): ActiveRule | undefined {
    return this.#entries.find(
      ({ rule, behaviors: [only] }) => only?.refuses && rule.behaviors[0]?.percent === 100 && !rule.match,
    );
  }

  /** Puts these rules in the place of all others, then ends those that are gone. Throws ERR_CONFIG on a bad rule. */
  set(rules: readonly Rule[]): void {
    const before = this.#entries;
    this.#entries = rules.map(
      (rule) => before.find((entry) => isDeepStrictEqual(entry.rule, rule)) ?? next(rule, before),
    );
    const going = new Set(this.#entries.map(({ end }) => end));
    // The new rules stand first: what the end of an old one sets free is judged by them.
    for (const { end } of before) if (!going.has(end)) end.abort();
  }
}

/** A rule that comes in. The next step of a ramp ends when the ramp does, and so does what the steps before it have hit. */
function next(rule: Rule, before: readonly Entry[]): Entry {
  const step = before.find((entry) => isStep(entry.rule) && isStep(rule) && entry.rule.name === rule.name);
  return activate(rule, step?.end ?? new AbortController());
}

function isStep({ step }: Rule): boolean {
  return step !== undefined;
}

function activate(rule: Rule, end: AbortController): Entry {
  const made = rule.behaviors.map(({ behavior, options }) => {
    const plugin = behaviors.get(behavior);
    if (plugin) return plugin.create(options);
    throw new LoadsError('ERR_CONFIG', `rule '${rule.name}': there is no behavior '${behavior}'`);
  });
  return { rule, behaviors: made, end, ended: end.signal, selects: rule.match && new Selection(rule.match) };
}

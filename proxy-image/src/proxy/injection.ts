import { draw } from '@loads/core';
import type { Effect } from '../behaviors/effect.ts';
import type { FaultEvent, FaultPoint } from './fault-event.ts';
import type { ActiveRule } from './live-rules.ts';
import { pick } from './rule.ts';

/** What all units of a proxy have in common for a draw, and where its faults are told. */
export type InjectionContext = {
  readonly seed: number;
  readonly node: number;
  readonly proxy: string;
  readonly protocol: string;
  report(event: FaultEvent): void;
  now(): number;
};

/** A unit of choice: a request, or (request 0) the connection. */
export type UnitKey = { readonly connection: number; readonly request: number; readonly operation: string };

/** One fault that a unit is to suffer. The protocol performs the effect and calls `report` when it does. */
export class Injection {
  readonly effect: Effect;
  readonly id: string;
  readonly active: ActiveRule;
  readonly #event: Omit<FaultEvent, 'atMs' | 'point'>;
  readonly #context: InjectionContext;
  #reported = false;

  constructor(context: InjectionContext, key: UnitKey, active: ActiveRule, index: number, effect: Effect, id: string) {
    this.#context = context;
    this.active = active;
    this.effect = effect;
    this.id = id;
    this.#event = {
      id,
      proxy: context.proxy,
      protocol: context.protocol,
      behavior: active.rule.behaviors[index]?.behavior ?? '',
      rule: active.rule.name,
      ...key,
      options: active.rule.behaviors[index]?.options ?? {},
    };
  }

  /** A further draw for this unit, in [0, 1), which depends on nothing but the seed and the unit. */
  draw(purpose: string): number {
    const { connection, request, rule } = this.#event;
    const { seed, node, proxy } = this.#context;
    return draw(seed, node, proxy, rule, connection, request, purpose);
  }

  /** Tells the fault; all calls but the first do nothing. */
  report(point: FaultPoint): void {
    if (this.#reported) return;
    this.#reported = true;
    this.#context.report({ ...this.#event, atMs: this.#context.now(), point });
  }
}

/** A rule that hit, and which of its behaviors the draw fell on. */
export type Hit = { readonly active: ActiveRule; readonly index: number };

/**
 * Draws once for each rule and gives the first that hits. A draw is keyed by the rule's name and the unit alone, so
 * rules do not move each other's draws.
 */
export function firstHit(context: InjectionContext, rules: readonly ActiveRule[], key: UnitKey): Hit | undefined {
  const { seed, node, proxy } = context;
  for (const active of rules) {
    const { name, behaviors } = active.rule;
    const index = pick(behaviors, draw(seed, node, proxy, name, key.connection, key.request));
    if (index !== undefined) return { active, index };
  }
  return undefined;
}

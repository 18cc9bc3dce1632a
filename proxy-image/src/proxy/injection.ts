import { draw } from '@loads/core';
import type { Unit } from '../behaviors/behavior.ts';
import type { Effect } from '../behaviors/effect.ts';
import type { FaultEvent, FaultPoint } from './fault-event.ts';
import type { ActiveRule } from './live-rules.ts';
import { pick, unitKey } from './rule.ts';
import type { Subject } from './selector.ts';

/** What all units of a proxy have in common for a draw, and where its faults are told. */
export type InjectionContext = {
  readonly seed: number;
  readonly node: number;
  readonly proxy: string;
  readonly protocol: string;
  report(event: FaultEvent): void;
  now(): number;
};

/** A rule that hit, and which of its behaviors the draw fell on. */
export type Hit = { readonly active: ActiveRule; readonly index: number };

/** What a fault says about the unit that it hits. */
export type Struck = Unit & { readonly id: string; readonly operation: string };

/** One fault that a unit is to suffer. The protocol performs the effect and calls `report` when it does. */
export class Injection {
  readonly effect: Effect;
  readonly id: string;
  readonly active: ActiveRule;
  readonly #event: Omit<FaultEvent, 'atMs' | 'point'>;
  readonly #context: InjectionContext;
  #reported = false;

  constructor(context: InjectionContext, { active, index }: Hit, effect: Effect, struck: Struck) {
    const { behavior = '', options = {} } = active.rule.behaviors[index] ?? {};
    const { proxy, protocol } = context;
    this.#context = context;
    this.active = active;
    this.effect = effect;
    this.id = struck.id;
    this.#event = { ...struck, proxy, protocol, behavior, rule: active.rule.name, options };
  }

  /** A further draw for this unit, in [0, 1), which depends on nothing but the seed and the unit. */
  draw(purpose: string): number {
    return drawFor(this.#context, this.#event.rule, this.#event, purpose);
  }

  /** Tells the fault; all calls but the first do nothing. */
  report(point: FaultPoint): void {
    if (this.#reported) return;
    this.#reported = true;
    this.#context.report({ ...this.#event, atMs: this.#context.now(), point });
  }
}

/** A draw for a unit beside the one that decides whether a rule hits it, in [0, 1). */
export function drawFor(context: InjectionContext, rule: string, unit: Unit, purpose: string): number {
  const { seed, node, proxy } = context;
  return draw(seed, node, proxy, rule, unit.connection, unit.request, purpose);
}

/** What rules in force have decided about one connection. */
export type Verdicts = {
  /** Which behavior hits the connection as a unit, which is judged again and again; undefined: none. */
  readonly hits: WeakMap<ActiveRule, number | undefined>;
  /** Whether the connection is one of every nth, for rules whose scope is the connection. */
  readonly turns: WeakMap<ActiveRule, boolean>;
};

/** A unit, what a selector can see of it, and what is known of its connection. */
export type Case = { readonly unit: Unit; readonly subject: Subject; readonly verdicts: Verdicts };

/**
 * Draws once for each rule that may hit the unit, and gives the first that does. A draw is keyed by the rule's name and
 * the unit alone, so rules do not move each other's draws. A rule with a verdict is not asked again.
 */
export function firstHit(context: InjectionContext, rules: readonly ActiveRule[], one: Case): Hit | undefined {
  const known = one.unit.request === 0 ? one.verdicts.hits : undefined;
  for (const active of rules) {
    const index = known?.has(active) ? known.get(active) : indexHit(context, active, one);
    known?.set(active, index);
    if (index !== undefined) return { active, index };
  }
  return undefined;
}

function indexHit(
  { seed, node, proxy }: InjectionContext,
  active: ActiveRule,
  { unit, subject, verdicts }: Case,
): number | undefined {
  const { rule, selects } = active;
  if (selects && !(selects.fits(subject) && hasTurn(active, verdicts))) return undefined;
  if (rule.replay) return rule.replay.get(unitKey(unit.connection, unit.request));
  const request = rule.scope === 'connection' ? 0 : unit.request;
  return pick(rule.behaviors, draw(seed, node, proxy, rule.name, unit.connection, request));
}

/** Every nth counts what the rule's draw decides for: requests, or connections, each at its first request that fits. */
function hasTurn(active: ActiveRule, { turns }: Verdicts): boolean {
  const { rule, selects } = active;
  if (!selects) return true;
  if (rule.scope !== 'connection') return selects.takeTurn();
  const turn = turns.get(active) ?? selects.takeTurn();
  turns.set(active, turn);
  return turn;
}

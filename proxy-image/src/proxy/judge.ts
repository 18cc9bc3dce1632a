import type { Behavior, Unit } from '../behaviors/behavior.ts';
import type { Effect } from '../behaviors/effect.ts';
import { drawFor, firstHit, type Hit, Injection, type InjectionContext, type Verdicts } from './injection.ts';
import type { ActiveRule, LiveRules } from './live-rules.ts';
import type { About } from './selector.ts';

/** Draws the faults of one connection. */
export class Judge {
  readonly #context: InjectionContext & { readonly rules: LiveRules };
  readonly #connection: number;
  readonly #client: string;
  /** Rules that have hit this connection. */
  readonly #struck = new Set<ActiveRule>();
  /** What rules in force have decided about this connection as a whole. */
  readonly #verdicts: Verdicts = { hits: new WeakMap(), turns: new WeakMap() };
  readonly #effects = new WeakMap<ActiveRule, Effect>();
  readonly #idsGiven = new Map<string, number>();
  /** How many units of this connection each behavior has been asked about. */
  readonly #asked = new WeakMap<Behavior, number>();

  constructor(context: InjectionContext & { readonly rules: LiveRules }, connection: number, client: string) {
    this.#context = context;
    this.#connection = connection;
    this.#client = client;
  }

  /** Names of the rules in force that have hit the connection. */
  get faults(): readonly string[] {
    return [...this.#struck].filter(({ ended }) => !ended.aborted).map(({ rule }) => rule.name);
  }

  /**
   * Draws the fault of a unit: a request by its number, or 0 for the connection. Undefined when the unit passes. Gives
   * `current` back when it is still the one: the same rule, in force without a break.
   */
  judge(request: number, about: About, current: Injection | undefined): Injection | undefined {
    const { active } = this.#context.rules;
    if (active.length === 0) return undefined;
    const unit: Unit = { connection: this.#connection, request };
    const subject = { client: this.#client, about };
    const hit = firstHit(this.#context, active, { unit, subject, verdicts: this.#verdicts });
    if (!hit || hit.active === current?.active) return hit && current;
    const effect = this.#effectOf(hit, unit);
    if (!effect || effect.kind === 'pass') return undefined;
    const id = this.#faultId(request, hit.active.rule.name);
    this.#struck.add(hit.active);
    return new Injection(this.#context, hit, effect, { ...unit, id, operation: about.operation });
  }

  /** Asks the behavior once for each unit: a connection is judged whenever the rules change. */
  #effectOf({ active, index }: Hit, unit: Unit): Effect | undefined {
    const known = unit.request === 0 ? this.#effects.get(active) : undefined;
    if (known) return known;
    const draw = (purpose: string): number => drawFor(this.#context, active.rule.name, unit, purpose);
    const behavior = active.behaviors[index];
    if (!behavior) return undefined;
    const nth = (this.#asked.get(behavior) ?? 0) + 1;
    this.#asked.set(behavior, nth);
    const effect = behavior.effect({ ...unit, nth, draw });
    if (unit.request === 0) this.#effects.set(active, effect);
    return effect;
  }

  #faultId(request: number, rule: string): string {
    const { node, proxy } = this.#context;
    const id = `${node}-${proxy}-${this.#connection}-${request}`;
    if (request > 0) return id;
    // A connection may suffer from several rules, and from the same one again.
    const count = (this.#idsGiven.get(rule) ?? 0) + 1;
    this.#idsGiven.set(rule, count);
    return count === 1 ? `${id}-${rule}` : `${id}-${rule}-${count}`;
  }
}

import type * as z from 'zod';
import type { Effect } from './effect.ts';

/** What a rule hits: one request, or the whole connection where the protocol has no requests (`request` is 0 then). */
export type Unit = {
  readonly connection: number;
  readonly request: number;
};

/** A unit that was hit, as its behavior sees it. */
export type HitUnit = Unit & {
  /** How many units of this connection this behavior has been asked about since it came into force, this one included. */
  readonly nth: number;
  /** A number in [0, 1) that depends on nothing but the seed, the rule, the unit and the purpose. */
  draw(purpose: string): number;
};

/** A behavior with its options, made anew whenever a rule comes into force: state that it keeps starts from zero. */
export type Behavior = {
  /** Called once for each unit that the rule hits. */
  effect(unit: HitUnit): Effect;
  /** Hitting everything, it has the proxy not listen at all, so that the kernel refuses connections. */
  readonly refuses?: boolean;
};

/** A behavior as it stands in the registry; its file is all that there is of it. */
export type BehaviorPlugin = {
  readonly name: string;
  readonly doc: string;
  /** The schema of its options, defaults included. Each field's description is its documentation. */
  readonly options: z.ZodObject;
  /** Takes options that the schema has parsed. */
  create(options: Readonly<Record<string, unknown>>): Behavior;
};

/** Types the options of `create` by the schema that stands beside it. */
export function defineBehavior<Schema extends z.ZodObject>(plugin: {
  readonly name: string;
  readonly doc: string;
  readonly options: Schema;
  create(options: z.output<Schema>): Behavior;
}): BehaviorPlugin {
  return {
    ...plugin,
    // The registry holds plug-ins of any options; whoever makes a rule has parsed them with this very schema.
    create: (options) => plugin.create(options as z.output<Schema>),
  };
}

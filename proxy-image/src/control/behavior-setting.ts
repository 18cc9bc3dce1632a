import type { Problem, WeightedBehavior } from '@loads/core';
import * as z from 'zod';
import { parseBehaviors } from '../behaviors/parse-behaviors.ts';
import { behaviors } from '../behaviors/registry.ts';
import { protocols } from '../protocols/registry.ts';
import type { Selector } from '../proxy/selector.ts';
import { selectorSchema } from './selector-schema.ts';

export type Options = Readonly<Record<string, unknown>>;

/** Options by the name of their behavior, which stand in for those that a setting does not give. */
export type BehaviorDefaults = Readonly<Record<string, Options>>;

/** Behaviors as somebody set them, read and found valid. */
export type BehaviorSetting = {
  /** As it was given: `error`, or `20:delay,5:error`. */
  readonly behavior: string;
  /** The options as they were given. */
  readonly options: Options;
  readonly scope?: 'request' | 'connection' | undefined;
  readonly match?: Selector | undefined;
  /** What it comes to: defaults filled in, times in ms. */
  readonly behaviors: readonly WeightedBehavior[];
};

export type SettingContext = {
  /** Name of the protocol, which says what error codes there are; undefined: it is not known here. */
  readonly protocol: string | undefined;
  readonly defaults: BehaviorDefaults;
};

export type Problems = { readonly problems: readonly Problem[] };

export const scopeSchema: z.ZodEnum<{ request: 'request'; connection: 'connection' }> = z
  .enum(['request', 'connection'])
  .describe('what one draw decides for: a request, or all requests of a connection');

const targetSchema = z.object({ scope: scopeSchema.optional(), match: selectorSchema.optional() });

/**
 * Reads behaviors such as `20:delay,5:error` with `given`: their options, and `scope` and `match`. Gives them, or all
 * problems; the path of a problem with the behaviors themselves is `behavior`.
 */
export function readSetting(behavior: string, given: Options, context: SettingContext): BehaviorSetting | Problems {
  const { scope, match, ...options } = given;
  const target = targetSchema.safeParse({ scope, match });
  const parsed = parseBehaviors(behavior, options, context.protocol);
  const problems = [...problemsIn(target.error), ...('problems' in parsed ? parsed.problems : [])];
  if (!target.success || 'problems' in parsed) return { problems };
  const filled = parsed.map((share) => withDefaults(share, options, context.defaults));
  const wrongCode = codeProblem(filled, context.protocol);
  if (wrongCode !== undefined) return { problems: [{ path: ['code'], message: wrongCode }] };
  return { behavior, options, ...target.data, behaviors: filled };
}

/** What a schema refused, as problems. */
export function problemsIn(error: z.ZodError | undefined): readonly Problem[] {
  return (error?.issues ?? []).map(({ path, message }) => ({
    path: path.map((key) => (typeof key === 'symbol' ? String(key) : key)),
    message,
  }));
}

function withDefaults(share: WeightedBehavior, options: Options, defaults: BehaviorDefaults): WeightedBehavior {
  const plugin = behaviors.get(share.behavior);
  const own = defaults[share.behavior];
  if (!plugin || !own) return share;
  const given = Object.entries(options).filter(([key]) => Object.hasOwn(plugin.options.shape, key));
  return { ...share, options: plugin.options.parse({ ...own, ...Object.fromEntries(given) }) };
}

/** Codes among the defaults are judged with the protocol that they meet. */
function codeProblem(weighted: readonly WeightedBehavior[], protocol: string | undefined): string | undefined {
  if (protocol === undefined) return undefined;
  for (const { options } of weighted) {
    const { code } = options;
    if (typeof code !== 'string' && typeof code !== 'number') continue;
    const wrong = protocols.get(protocol)?.checkCode(code);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

import type * as z from 'zod';
import type { Options } from '../control/behavior-setting.ts';
import { fit, isObject } from './given.ts';
import { type Option, options, pluginOptions } from './option.ts';

/**
 * A copy of what was given, in which texts became what their option takes: files of the ancestor, flags and variables
 * know no types. It reaches into each proxy and each entry of a schedule that has a name of its own.
 */
export function fitValues(content: Readonly<Record<string, unknown>>): Options {
  const copy = structuredClone(content) as Record<string, unknown>;
  const [own, ofPlugins] = [options(), pluginOptions()];
  fitAt(copy, [...own, ...ofPlugins]);
  const named = [copy.proxies, copy.schedule].flatMap((group) => (isObject(group) ? Object.values(group) : []));
  const ofBehaviors = byLastKey(ofPlugins.filter(({ path }) => path[0] === 'behaviors'));
  for (const one of named) {
    if (!isObject(one)) continue;
    fitAt(one, own);
    for (const [key, schemas] of ofBehaviors) if (Object.hasOwn(one, key)) one[key] = fitAny(schemas, one[key]);
  }
  return copy;
}

function fitAt(content: Record<string, unknown>, known: readonly Option[]): void {
  for (const { path, schema } of known) {
    let target: unknown = content;
    for (const key of path.slice(0, -1))
      target = isObject(target) && Object.hasOwn(target, key) ? target[key] : undefined;
    const key = path.at(-1) ?? '';
    if (isObject(target) && Object.hasOwn(target, key)) target[key] = fit(schema, target[key]);
  }
}

/** Beside a behavior's name its options stand without it; several behaviors may know one of that name. */
function byLastKey(known: readonly Option[]): ReadonlyMap<string, readonly z.ZodType[]> {
  const grouped = Map.groupBy(known, ({ path }) => path.at(-1) ?? '');
  return new Map([...grouped].map(([key, found]) => [key, found.map(({ schema }) => schema)]));
}

function fitAny(schemas: readonly z.ZodType[], value: unknown): unknown {
  for (const schema of schemas) {
    const fitted = fit(schema, value);
    if (schema.safeParse(fitted).success) return fitted;
  }
  return value;
}

/** A secret of what was imported: only its name is written, and its value comes from the environment. */
export type Secret = {
  readonly kind: 'secret';
  /** Of the environment variable. */
  readonly name: string;
  /** Whether it stands in a URL. */
  readonly encoded?: boolean | undefined;
};

/** A text with secrets in it. */
export type Template = { readonly kind: 'template'; readonly parts: readonly (string | Secret)[] };

/** A map in the order of its keys. It is a list, so that no key (`__proto__`) means anything. */
export type ValueMap = { readonly kind: 'map'; readonly entries: readonly (readonly [string, Value])[] };

/** A call such as `new URLSearchParams({ ... })`. */
export type Call = { readonly kind: 'call'; readonly callee: string; readonly args: readonly Value[] };

/** Code of our own, never of the file. */
export type Code = { readonly kind: 'code'; readonly code: string };

/** What can be written into a scenario. */
export type Value = null | boolean | number | string | Secret | Template | ValueMap | Call | Code | readonly Value[];

/** A map without the entries that have no value. */
export function mapOf(entries: Readonly<Record<string, Value | undefined>>): ValueMap {
  return {
    kind: 'map',
    entries: Object.entries(entries).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  };
}

/** A text with secrets in it, in the least form that says it. */
export function textOf(parts: readonly (string | Secret)[]): string | Secret | Template {
  const merged: (string | Secret)[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (typeof part === 'string' && typeof last === 'string') merged[merged.length - 1] = last + part;
    else if (part !== '') merged.push(part);
  }
  const [first = '', ...more] = merged;
  return more.length === 0 && (typeof first === 'string' || !first.encoded)
    ? first
    : { kind: 'template', parts: merged };
}

/** A JSON value as it is. `leaf` may put something else in the place of a text or a number, by its key. */
export function fromJson(
  value: unknown,
  leaf: (value: string | number, key: string) => Value = (one) => one,
  key = '',
): Value {
  if (Array.isArray(value)) return value.map((one: unknown) => fromJson(one, leaf, key));
  if (typeof value === 'object' && value !== null) {
    return { kind: 'map', entries: Object.entries(value).map(([name, inner]) => [name, fromJson(inner, leaf, name)]) };
  }
  if (typeof value === 'string' || typeof value === 'number') return leaf(value, key);
  return typeof value === 'boolean' ? value : null;
}

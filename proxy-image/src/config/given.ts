import type * as z from 'zod';

/** One value that somebody gave, and where. */
export type Given = {
  readonly path: readonly string[];
  readonly value: unknown;
  /** Where a path that it belongs to stands, for a message: `vaurien.yml:3:5`, `--timeout`, `VAURIEN_TIMEOUT`. */
  placeOf(path: readonly (string | number)[]): string;
};

/** Values by their paths, of which later ones stand in for earlier ones. */
export class GivenValues {
  readonly #values = new Map<string, Given>();

  constructor(...layers: readonly (readonly Given[])[]) {
    for (const given of layers.flat()) this.#values.set(given.path.join('\n'), given);
  }

  /** All values as one object. */
  get content(): Record<string, unknown> {
    const content: Record<string, unknown> = {};
    for (const { path, value } of this.#values.values()) {
      let target = content;
      for (const key of path.slice(0, -1)) {
        const next = target[key];
        target = isObject(next) ? next : define(target, key, {});
      }
      define(target, path.at(-1) ?? '', value);
    }
    return content;
  }

  /** Where a path was given, or the nearest above it; undefined when nobody gave any of it. */
  placeOf(path: readonly (string | number)[]): string | undefined {
    const all = [...this.#values.values()];
    for (let length = path.length; length > 0; length--) {
      const wanted = path.slice(0, length);
      // Its own value, one that it lies in, or one that lies in it.
      const near = all.find((given) => given.path.every((key, i) => i >= length || key === String(wanted[i])));
      if (near) return near.placeOf(wanted);
    }
    return undefined;
  }
}

/** The leaves of an object, each with its place; lists are leaves. */
export function leavesOf(
  content: Readonly<Record<string, unknown>>,
  placeOf: (path: readonly (string | number)[]) => string,
  above: readonly string[] = [],
): readonly Given[] {
  return Object.entries(content).flatMap(([key, value]): readonly Given[] => {
    const path = [...above, key];
    if (isObject(value) && Object.keys(value).length > 0) return leavesOf(value, placeOf, path);
    return [{ path, value, placeOf }];
  });
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

const TRUTHS: Readonly<Record<string, boolean>> = { yes: true, on: true, '1': true, no: false, off: false, '0': false };

/** A text, or what an ini file made of it, as the schema wants it: a number or a truth where it takes those. */
export function fit(schema: z.ZodType, value: unknown): unknown {
  const text = String(value);
  const forms = [typeof value === 'string' ? meaning(text) : value, text, TRUTHS[text.toLowerCase()]];
  return forms.find((form) => schema.safeParse(form).success) ?? value;
}

/** What a text means by itself. */
export function meaning(text: string): string | number | boolean {
  if (NUMBER.test(text)) return Number(text);
  if (text === 'true') return true;
  return text === 'false' ? false : text;
}

/** Whether a value is a map of keys, and no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Sets a key as the object's own, whatever it is called (`__proto__`). */
function define<Value>(target: Record<string, unknown>, key: string, value: Value): Value {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  return value;
}

import { format } from 'node:util';

/**
 * The name of one case of vitest's `test.each`: `%s %d %i %f %j %o` take its values in turn, `%#` and `%$` are its number
 * from 0 and from 1, `$a.b` is a part of its first value when that is an object.
 */
export function eachTitle(template: string, values: readonly unknown[], index: number): string {
  const numbered = template
    .replaceAll('%%', PERCENT)
    .replaceAll('%#', String(index))
    .replaceAll('%$', String(index + 1));
  const places = numbered.match(/%[sdifjoOc]/g)?.length ?? 0;
  const formatted = format(numbered, ...values.slice(0, places)).replaceAll(PERCENT, '%');
  const [first] = values;
  if (typeof first !== 'object' || first === null) return formatted;
  return formatted.replaceAll(/\$([\w$.]+)/g, (whole, path: string) => {
    const found = path.split('.').reduce<unknown>(partOf, first);
    return found === undefined ? whole : typeof found === 'string' ? found : format('%o', found);
  });
}

/** Stands for `%%` until `format` is through, which would read it otherwise. */
const PERCENT = '\u0000';

function partOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

/** The cases of `test.each`: those of an array, or the rows below the head of a table in a template. */
export function casesOf(table: readonly unknown[], values: readonly unknown[]): readonly unknown[] {
  if (!('raw' in table)) return table;
  const head = String(table[0])
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '');
  const names = (head ?? '')
    .split('|')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const rows = Math.floor(values.length / Math.max(1, names.length));
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(names.map((name, i) => [name, values[row * names.length + i]])),
  );
}

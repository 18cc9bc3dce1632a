import type { Tags } from './series.ts';

/** A point for the database. Numbers are stored as floats, whatever their value. */
export type DataPoint = {
  readonly measurement: string;
  readonly tags: Tags;
  readonly fields: Readonly<Record<string, number | string | undefined>>;
  /** Epoch ms. */
  readonly atMs: number;
};

/**
 * A point as a line of InfluxDB's line protocol, its timestamp in ms. Fields that are undefined or no finite number are left
 * out, and so are tags without a value; undefined when no field is left.
 */
export function formatPoint({ measurement, tags, fields, atMs }: DataPoint): string | undefined {
  let values = '';
  for (const [field, value] of Object.entries(fields)) {
    const text = typeof value === 'number' ? formatFloat(value) : value === undefined ? undefined : quoted(value);
    if (text !== undefined) values += `${values === '' ? '' : ','}${escaped(field)}=${text}`;
  }
  if (values === '') return undefined;
  let line = measurement.replaceAll('\\', BACKSLASH).replaceAll(/[, \n\r\t]/g, escapeOne);
  // Sorted, as InfluxDB keeps them: it does not have to sort them again.
  for (const tag of Object.keys(tags).sort()) {
    const value = tags[tag];
    if (value) line += `,${escaped(tag)}=${escaped(value)}`;
  }
  return `${line} ${values} ${Math.round(atMs)}`;
}

/** A backslash cannot be escaped in a tag, and would escape what follows it. This looks the same (U+FF3C). */
const BACKSLASH = '＼';
const SPECIAL = /[, =\\\n\r\t]/;
const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return text.replaceAll('\\', BACKSLASH).replaceAll(/[, =\n\r\t]/g, escapeOne);
}

function escapeOne(character: string): string {
  return ESCAPES[character] ?? `\\${character}`;
}

function quoted(text: string): string {
  // A batch is lines: a text of several would be cut apart.
  return `"${text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/["\\]/g, (character) => `\\${character}`)}"`;
}

function formatFloat(value: number): string | undefined {
  return Number.isFinite(value) ? String(value) : undefined;
}

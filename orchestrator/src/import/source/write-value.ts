import { propertyKey, stringLiteral, templatePart } from './literal.ts';
import type { Call, Secret, Template, Value, ValueMap } from './value.ts';

/** The columns of a line, as the usual formatters are set for this project. */
const WIDTH = 120;

/** Where a value is written: the columns of its line's indent, and what stands before and behind it on its line. */
export type Place = { readonly indent: number; readonly before: number; readonly after: number };

/** Writes a value as a formatter would: on one line where it fits, else a part to a line. */
export function writeValue(value: Value, place: Place): string {
  const flat = flatText(value);
  if (flat !== undefined && place.before + widthOf(flat) + place.after <= WIDTH) return flat;
  if (Array.isArray(value)) return brokenArray(value, place.indent);
  if (value === null || typeof value !== 'object') return flat ?? '';
  switch ((value as Exclude<Value, readonly Value[]> & object).kind) {
    case 'map':
      return brokenMap(value as ValueMap, place.indent);
    case 'call':
      return brokenCall(value as Call, place);
    default:
      return flat ?? '';
  }
}

/** The columns that a text takes: signs of the East and pictures take two. */
export function widthOf(text: string): number {
  let width = 0;
  for (const one of text) width += (one.codePointAt(0) ?? 0) >= 0x1100 ? 2 : 1;
  return width;
}

/** A value on one line; undefined for one that a formatter would not leave there. */
function flatText(value: Value): string | undefined {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'string') return stringLiteral(value);
  if (isArray(value)) {
    const parts = isTable(value) ? [undefined] : value.map(flatText);
    return parts.every((part) => part !== undefined) ? `[${parts.join(', ')}]` : undefined;
  }
  if (value.kind === 'secret') return secretCall(value);
  if (value.kind === 'template') return templateLiteral(value);
  if (value.kind === 'code') return value.code;
  const parts =
    value.kind === 'call'
      ? value.args.map(flatText)
      : value.entries.map(([key, inner]) => {
          const text = flatText(inner);
          return text === undefined ? undefined : `${propertyKey(key)}: ${text}`;
        });
  if (!parts.every((part) => part !== undefined)) return undefined;
  if (value.kind === 'call') return `${value.callee}(${parts.join(', ')})`;
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
}

function brokenMap({ entries }: ValueMap, indent: number): string {
  const inner = indent + 2;
  const lines = entries.map(([key, value]) => {
    const start = `${' '.repeat(inner)}${propertyKey(key)}: `;
    return `${start}${writeValue(value, { indent: inner, before: widthOf(start), after: 1 })},`;
  });
  return `{\n${lines.join('\n')}\n${' '.repeat(indent)}}`;
}

function brokenArray(values: readonly Value[], indent: number): string {
  const inner = indent + 2;
  const lines = values.every((value) => typeof value === 'number')
    ? filled(
        values.map((value) => `${flatText(value)},`),
        inner,
      )
    : values.map((value) => `${' '.repeat(inner)}${writeValue(value, { indent: inner, before: inner, after: 1 })},`);
  return `[\n${lines.join('\n')}\n${' '.repeat(indent)}]`;
}

/** Its last argument goes on behind the bracket where there is room for that; else each has a line. */
function brokenCall({ callee, args }: Call, { indent, before }: Place): string {
  const last = args.at(-1);
  const first = args.slice(0, -1).map((arg) => `${flatText(arg)}, `);
  const start = `${callee}(${first.join('')}`;
  const hugs = last !== undefined && (isArray(last) || isMap(last)) && flatText(last) !== '{}';
  if (hugs && before + widthOf(start) + 1 <= WIDTH) {
    const broken = isArray(last) ? brokenArray(last, indent) : brokenMap(last, indent);
    return `${start}${broken})`;
  }
  const inner = indent + 2;
  const lines = args.map(
    (arg) => `${' '.repeat(inner)}${writeValue(arg, { indent: inner, before: inner, after: 1 })},`,
  );
  return `${callee}(\n${lines.join('\n')}\n${' '.repeat(indent)})`;
}

/** Numbers share lines. */
function filled(texts: readonly string[], indent: number): readonly string[] {
  const lines: string[] = [];
  for (const text of texts) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + text.length <= WIDTH) lines[lines.length - 1] = `${last} ${text}`;
    else lines.push(' '.repeat(indent) + text);
  }
  return lines;
}

/** Lists of lists, or of maps, that a formatter lays out as a table. */
function isTable(values: readonly Value[]): boolean {
  if (values.length < 2) return false;
  return (
    values.every((value) => isArray(value) && value.length > 1) ||
    values.every((value) => isMap(value) && value.entries.length > 1)
  );
}

function secretCall({ name, encoded }: Secret): string {
  const call = `secret(${stringLiteral(name)})`;
  return encoded ? `encodeURIComponent(${call})` : call;
}

function templateLiteral({ parts }: Template): string {
  const texts = parts.map((part) => (typeof part === 'string' ? templatePart(part) : `\${${secretCall(part)}}`));
  return `\`${texts.join('')}\``;
}

function isArray(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function isMap(value: Value): value is ValueMap {
  return typeof value === 'object' && value !== null && !isArray(value) && value.kind === 'map';
}

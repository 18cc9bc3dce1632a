import { isSecretName, type Secrets } from './secrets.ts';
import { type Call, fromJson, type Secret, textOf, type Value } from './source/value.ts';

/** A body, and the content type that the client gives it by itself. */
export type ImportedBody = {
  readonly as: 'json' | 'body';
  readonly value: Value;
  readonly implies?: string | undefined;
};

export type FormField = {
  readonly name: string;
  readonly value: string;
  readonly fileName?: string | undefined;
  readonly contentType?: string | undefined;
};

/** Deeper than people write by hand; a literal of that depth is hard to read, and to parse. */
const DEEPEST = 50;
/** What JavaScript would round. */
const LONG_NUMBER = /(?<!["\d.])\d{16,}|\d\.\d{16,}|\d[eE]/;

/** A field of JSON with a text, not an empty one, or a number. */
const JSON_FIELD =
  /"(?<name>(?:[^"\\]|\\.)*)"\s*:\s*(?:"(?=[^"])|(?=[-\d]))(?<value>(?:(?<=")(?:[^"\\]|\\.)+|[-+.\deE]+))/g;

/** JSON as a value, secret fields taken out; undefined for what is none, or would not be the same when it is sent. */
export function jsonBody(text: string, secrets: Secrets): ImportedBody | undefined {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (LONG_NUMBER.test(text) || depthOf(content) > DEEPEST) return undefined;
  return { as: 'json', value: jsonValue(content, secrets), implies: 'application/json' };
}

/** A JSON value, with the secrets among its fields taken out where there are any. */
export function jsonValue(content: unknown, secrets: Secrets | undefined): Value {
  return fromJson(content, (value, key) => {
    if (typeof value === 'string') return fieldValue(key, value, secrets);
    const known = fieldValue(key, String(value), secrets);
    return typeof known === 'string' ? value : { kind: 'call', callee: 'Number', args: [known] };
  });
}

/** Text that is JSON, or was to be, as it is, but for the values of secret fields: those stand for what is sent, escapes included. */
export function jsonTextBody(text: string, secrets: Secrets): ImportedBody {
  const parts: (string | Secret)[] = [];
  let end = 0;
  for (const { 0: field, index, groups = {} } of text.matchAll(JSON_FIELD)) {
    const { name = '', value = '' } = groups;
    if (!isSecretName(name)) continue;
    const begin = index + field.lastIndexOf(value);
    parts.push(text.slice(end, begin), secrets.take(name, value));
    end = begin + value.length;
  }
  return { as: 'body', value: textOf([...parts, text.slice(end)]) };
}

/** Form fields (`application/x-www-form-urlencoded`), as a map where no name comes twice. */
export function formBody(fields: readonly FormField[], secrets: Secrets | undefined): ImportedBody {
  const pairs = fields.map(({ name, value }) => [name, fieldValue(name, value, secrets)] as const);
  const twice = new Set(fields.map(({ name }) => name)).size < fields.length;
  // A map is read by the keys of an object, which are in an order of their own when they are numbers.
  const plain = !twice && !fields.some(({ name }) => /^\d+$/.test(name));
  const argument: Value = plain ? { kind: 'map', entries: pairs } : pairs.map((pair) => [...pair]);
  const value: Call = { kind: 'call', callee: 'new URLSearchParams', args: [argument] };
  return { as: 'body', value, implies: 'application/x-www-form-urlencoded' };
}

/** The fields of a form as it was sent. */
export function formFields(text: string): readonly FormField[] {
  return Array.from(new URLSearchParams(text), ([name, value]) => ({ name, value }));
}

/** The fields of a form in parts as it was sent, as far as they can be read. */
export function multipartFields(text: string, boundary: string): readonly FormField[] {
  return text.split(`--${boundary}`).flatMap((part): readonly FormField[] => {
    const gap = part.indexOf('\r\n\r\n');
    const head = part.slice(0, Math.max(0, gap));
    const name = /^content-disposition:.*?\bname="([^"]*)"/im.exec(head)?.[1];
    if (name === undefined) return [];
    const fileName = /\bfilename="([^"]*)"/i.exec(head)?.[1];
    const contentType = /^content-type:\s*(.+?)\s*$/im.exec(head)?.[1];
    return [{ name, value: part.slice(gap + 4).replace(/\r\n$/, ''), fileName, contentType }];
  });
}

/** A form in parts (RFC 7578) as one text. Contents of files are rarely in a recording: their parts are empty then. */
export function multipartBody(
  fields: readonly FormField[],
  boundary: string,
  secrets: Secrets | undefined,
): ImportedBody {
  const parts: (string | Secret)[] = [];
  for (const { name, value, fileName, contentType } of fields) {
    const file = fileName === undefined ? '' : `; filename="${quoted(fileName)}"`;
    const type = contentType === undefined ? '' : `Content-Type: ${oneLine(contentType)}\r\n`;
    parts.push(`--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"${file}\r\n${type}\r\n`);
    parts.push(fieldValue(name, value, secrets), '\r\n');
  }
  return { as: 'body', value: textOf([...parts, `--${boundary}--\r\n`]) };
}

/** Bytes, given in base64. */
export function bytesBody(base64: string): ImportedBody {
  return { as: 'body', value: { kind: 'call', callee: 'Buffer.from', args: [base64, 'base64'] } };
}

function fieldValue(name: string, value: string, secrets: Secrets | undefined): string | Secret {
  return secrets && isSecretName(name) && value !== '' ? secrets.take(name, value) : value;
}

function depthOf(value: unknown): number {
  let depth = 0;
  let level: readonly unknown[] = [value];
  while (level.length > 0 && depth <= DEEPEST) {
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
    depth += 1;
  }
  return depth;
}

function quoted(text: string): string {
  return oneLine(text).replaceAll('"', '%22');
}

function oneLine(text: string): string {
  return text.replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

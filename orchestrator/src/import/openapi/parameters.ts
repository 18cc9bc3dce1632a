import { isSecretName, type Secrets } from '../secrets.ts';
import { type Secret, textOf, type Value } from '../source/value.ts';
import { type Node, type OpenApiDocument, textIn } from './document.ts';
import { exampleOf, givenExample } from './example.ts';
import type { Operation } from './operation.ts';

type Part = string | Secret;

/** The path of an operation with an example in the place of each template. */
export function pathOf(document: OpenApiDocument, { path, parameters }: Operation, secrets: Secrets): readonly Part[] {
  return path.split(/\{([^{}]*)\}/).flatMap((text, i): readonly Part[] => {
    if (i % 2 === 0) return [encodeURI(text.toWellFormed()).replaceAll('?', '%3F').replaceAll('#', '%23')];
    const parameter = parameters.find((one) => one.in === 'path' && one.name === text);
    const value = parameter === undefined ? ['1'] : valuesOf(document, parameter);
    return [joined(document, parameter, { name: text, values: value }, secrets)];
  });
}

/** What stands behind the path: parameters that have to be given, and those with an example. */
export function queryOf(document: OpenApiDocument, { parameters }: Operation, secrets: Secrets): readonly Part[] {
  const wanted = parameters.filter((one) => one.in === 'query' && isWanted(document, one));
  const pairs = wanted.flatMap((parameter) => {
    const name = textIn(parameter, 'name') ?? '';
    const fields = fieldsOf(document, parameter);
    if (fields && parameter.explode !== false)
      return fields.map(([field, value]): readonly Part[] => [
        `${encoded(parameter.style === 'deepObject' ? `${name}[${field}]` : field)}=`,
        encoded(value),
      ]);
    const values = fields?.flat() ?? valuesOf(document, parameter);
    const each = parameter.explode === false ? [values] : values.map((value) => [value]);
    return each.map((some): readonly Part[] => [
      `${encoded(name)}=`,
      joined(document, parameter, { name, values: some }, secrets),
    ]);
  });
  return pairs.flatMap((pair, i) => [i === 0 ? '?' : '&', ...pair]);
}

/** The headers that an operation asks for. */
export function headersOf(
  document: OpenApiDocument,
  { parameters }: Operation,
  secrets: Secrets,
): readonly (readonly [string, Value])[] {
  const wanted = parameters.filter((one) => one.in === 'header' && isWanted(document, one));
  return wanted.flatMap((parameter): readonly (readonly [string, Value])[] => {
    const name = (textIn(parameter, 'name') ?? '').toLowerCase();
    // Those have a place of their own in a description.
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || ['accept', 'content-type', 'authorization'].includes(name)) return [];
    const text = valuesOf(document, parameter).join(',');
    return [[name, isSecretName(name) ? secrets.take(name, name) : oneLine(text)]];
  });
}

function isWanted(document: OpenApiDocument, parameter: Node): boolean {
  return parameter.required === true || givenExample(document, parameter) !== undefined;
}

function valuesOf(document: OpenApiDocument, parameter: Node): readonly string[] {
  const [content] = Object.values(document.node(parameter.content));
  const value =
    givenExample(document, parameter) ??
    exampleOf(document, content === undefined ? parameter.schema : document.node(content).schema);
  return (Array.isArray(value) ? (value as unknown[]) : [value]).map(plain);
}

/** The fields of a parameter that is an object: they are sent one by one, unless it is content of a type of its own. */
function fieldsOf(document: OpenApiDocument, parameter: Node): readonly (readonly [string, string])[] | undefined {
  if (parameter.content !== undefined) return undefined;
  const value = givenExample(document, parameter) ?? exampleOf(document, parameter.schema);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value).map(([field, one]) => [field, plain(one)]);
}

/** The cookies that an operation asks for, `name=value` each. */
export function cookiesOf(
  document: OpenApiDocument,
  { parameters }: Operation,
  secrets: Secrets,
): readonly (readonly Part[])[] {
  const wanted = parameters.filter((one) => one.in === 'cookie' && isWanted(document, one));
  return wanted.map((parameter) => {
    const name = textIn(parameter, 'name') ?? '';
    const values = valuesOf(document, parameter);
    return [`${encoded(name)}=`, joined(document, parameter, { name, values }, secrets)];
  });
}

function plain(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

/** A secret parameter without an example has no value here that would work. */
function joined(
  document: OpenApiDocument,
  parameter: Node | undefined,
  { name, values }: { readonly name: string; readonly values: readonly string[] },
  secrets: Secrets,
): Part {
  const known = parameter !== undefined && givenExample(document, parameter) !== undefined;
  if (!known && isSecretName(name)) return { ...secrets.take(name, name), encoded: true };
  return values.map(encoded).join(',');
}

function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function oneLine(text: string): string {
  const sendable = textOf([text.replaceAll(/[^\u0020-\u007e]/g, ' ').trim()]);
  return typeof sendable === 'string' ? sendable : '';
}

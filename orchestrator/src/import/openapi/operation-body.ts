import { type FormField, formBody, type ImportedBody, jsonValue, multipartBody } from '../request-body.ts';
import type { Node, OpenApiDocument } from './document.ts';
import { exampleOf, givenExample } from './example.ts';
import type { Operation } from './operation.ts';

/** Examples of a description are public. */
const NO_SECRETS = undefined;
const BOUNDARY = 'loads-boundary-3fa85f64';

/** The example of an operation's body, and its content type; undefined for an operation without one. */
export function operationBody(
  document: OpenApiDocument,
  { node }: Operation,
): { readonly body: ImportedBody; readonly contentType: string } | undefined {
  if (node.requestBody === undefined) return undefined;
  const content = Object.entries(document.node(document.node(node.requestBody).content));
  const chosen = content.find(([type]) => /[/+]json\b/i.test(type)) ?? content[0];
  if (chosen === undefined) return undefined;
  const [contentType, given] = chosen;
  const media = document.node(given);
  const example = givenExample(document, media) ?? exampleOf(document, media.schema);
  if (/[/+]json\b/i.test(contentType) || contentType.startsWith('*/') || contentType.startsWith('application/*')) {
    const plain = contentType.includes('*') ? 'application/json' : contentType;
    return {
      body: { as: 'json', value: jsonValue(example, NO_SECRETS), implies: 'application/json' },
      contentType: plain,
    };
  }
  if (/^application\/x-www-form-urlencoded/i.test(contentType)) {
    return { body: formBody(fieldsOf(example), NO_SECRETS), contentType };
  }
  if (/^multipart\/form-data/i.test(contentType)) {
    const properties = document.node(document.node(media.schema).properties);
    const fields = fieldsOf(example).map((field) => ({ ...field, ...fileOf(document.node(properties[field.name])) }));
    const body = multipartBody(fields, BOUNDARY, NO_SECRETS);
    return { body, contentType: `multipart/form-data; boundary=${BOUNDARY}` };
  }
  return { body: { as: 'body', value: plain(example) }, contentType };
}

function fieldsOf(example: unknown): readonly FormField[] {
  if (typeof example !== 'object' || example === null) return [];
  return Object.entries(example).map(([name, value]) => ({ name, value: plain(value) }));
}

/** What makes a field a file: bytes, as 3.0 has it by `format` and 3.1 by the type of their content. */
function fileOf({ format, contentMediaType, contentEncoding }: Node): Partial<FormField> {
  const type = typeof contentMediaType === 'string' ? contentMediaType : 'application/octet-stream';
  const isFile = format === 'binary' || (contentMediaType !== undefined && contentEncoding === undefined);
  return isFile ? { fileName: 'example', contentType: type } : {};
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

/** An element: what stands between its tags is text or elements; none of both is an empty element. */
export type XmlElement = {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string | number | undefined>> | undefined;
  readonly content?: readonly (XmlElement | string)[] | undefined;
};

/** An XML document of one root element, in UTF-8. */
export function xmlDocument(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${write(root, '')}\n`;
}

/**
 * Everything that is no `Char` of XML 1.0 (section 2.2): control characters, surrogates without their other half, and
 * U+FFFE and U+FFFF. Not even a character reference may stand for them, so they are left out.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/** Text as it may stand between two tags. */
export function xmlText(text: string): string {
  return text
    .replaceAll(FORBIDDEN, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}

/** The value of an attribute, without its quotes: a reader would take line breaks and tabs for spaces. */
function xmlAttribute(text: string): string {
  return xmlText(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
}

function write({ name, attributes = {}, content = [] }: XmlElement, indent: string): string {
  const given = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${xmlAttribute(String(value))}"`],
  );
  const open = `${indent}<${name}${given.join('')}`;
  if (content.length === 0) return `${open}/>`;
  // Spaces between tags and text would be part of the text.
  if (content.some((part) => typeof part === 'string')) {
    const inner = content.map((part) => (typeof part === 'string' ? xmlText(part) : write(part, '')));
    return `${open}>${inner.join('')}</${name}>`;
  }
  const inner = content.map((part) => (typeof part === 'string' ? '' : write(part, `${indent}  `)));
  return `${open}>\n${inner.join('\n')}\n${indent}</${name}>`;
}

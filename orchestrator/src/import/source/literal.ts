const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** What may not stand in a literal as it is: control characters, line ends of any kind, and halves of a pair. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udfff]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * A text as a literal of TypeScript that holds exactly it, whatever it is: nothing in it can end the literal, or be seen
 * as something else than it is (marks of direction are escaped too).
 */
export function stringLiteral(text: string): string {
  const singles = text.split("'").length;
  const doubles = text.split('"').length;
  const quote = singles > doubles ? '"' : "'";
  return quote + escaped(text).replaceAll(quote, `\\${quote}`) + quote;
}

/** A part of a template literal. */
export function templatePart(text: string): string {
  return escaped(text).replaceAll('`', '\\`').replaceAll('${', '\\${');
}

/** A key of an object literal. `__proto__` as a plain key would set the object's prototype. */
export function propertyKey(key: string): string {
  if (key === '__proto__') return "['__proto__']";
  return IDENTIFIER.test(key) ? key : stringLiteral(key);
}

/** A text for a comment of one line. */
export function commentText(text: string): string {
  return text.replaceAll(UNSAFE, ' ').replaceAll(/\s+/g, ' ').trim();
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll(UNSAFE, (one) => SHORT[one] ?? `\\u${codeOf(one)}`);
}

function codeOf(one: string): string {
  return one.charCodeAt(0).toString(16).padStart(4, '0');
}

/** A tag with its attributes, entities decoded. */
export type XmlTag = {
  readonly name: string;
  /** `<a>`, `<a/>`, `</a>`. */
  readonly kind: 'open' | 'empty' | 'close';
  readonly attributes: ReadonlyMap<string, string>;
};

const BEGIN = /<(\/?)([A-Za-z_][\w.:-]*)/y;
const ATTRIBUTE = /\s+([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const END = /\s*(\/?)>$/y;
const ENTITY = /&(?:#(\d{1,7})|#x([\da-fA-F]{1,6})|(\w{1,8}));?/g;
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Reads the text of a tag, from `<` to `>`; undefined when it is not well-formed (XML 1.0, section 3.1). */
export function parseTag(text: string): XmlTag | undefined {
  const [begin = '', slash, name = ''] = matchAt(BEGIN, text, 0) ?? [];
  if (name === '') return undefined;
  const attributes = new Map<string, string>();
  let at = begin.length;
  for (let found = matchAt(ATTRIBUTE, text, at); found; found = matchAt(ATTRIBUTE, text, at)) {
    const [whole, key = '', double, single] = found;
    const value = decoded(double ?? single ?? '');
    if (value === undefined || attributes.has(key)) return undefined;
    attributes.set(key, value);
    at += whole.length;
  }
  const end = matchAt(END, text, at);
  if (!end) return undefined;
  const empty = end[1] === '/';
  if (slash === '') return { name, kind: empty ? 'empty' : 'open', attributes };
  return empty || attributes.size > 0 ? undefined : { name, kind: 'close', attributes };
}

/** What a sticky expression finds at a place. */
function matchAt(expression: RegExp, text: string, at: number): RegExpExecArray | null {
  expression.lastIndex = at;
  return expression.exec(text);
}

/** A value with its entities; undefined when one is none. */
function decoded(value: string): string | undefined {
  if (!value.includes('&')) return value;
  let bad = value.replaceAll(ENTITY, '').includes('&');
  const text = value.replaceAll(ENTITY, (entity, decimal?: string, hex?: string, name?: string) => {
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    const known = name === undefined ? (code <= 0x10ffff ? String.fromCodePoint(code) : undefined) : NAMED[name];
    if (known === undefined || !entity.endsWith(';')) bad = true;
    return known ?? '';
  });
  return bad ? undefined : text;
}

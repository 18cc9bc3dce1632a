import type { Problem } from '@loads/core';

export type IniValue = string | number | boolean | readonly (string | number | boolean)[];
export type Ini = Readonly<Record<string, Readonly<Record<string, IniValue>>>>;

/**
 * Reads an ini text as Vaurien's `konfig` did: `[section]`, `key = value` or `key: value`, `#` and `;` comments, `"quoted"`
 * texts, numbers, `true` and `false`, and `${NAME}` for environment variables; indented lines continue a value, which
 * then is a list. Problems are given with their line.
 */
export function parseIni(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): {
  readonly ini: Ini;
  /** The line of a key, or of the section's header where there is no such key. */
  lineOf(section: string, key?: string): number | undefined;
  readonly problems: readonly (Problem & { readonly line: number })[];
} {
  const problems: (Problem & { readonly line: number })[] = [];
  const sections = new Map<string, Map<string, string[]>>();
  const lines = new Map<string, number>();
  let section: Map<string, string[]> | undefined;
  let name = '';
  let value: string[] | undefined;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = index + 1;
    const trimmed = raw.trim();
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) continue;
    const header = /^\[([^\]]+)\]$/.exec(trimmed)?.[1]?.trim();
    if (header !== undefined) {
      name = header;
      section = sections.get(header) ?? new Map();
      sections.set(header, section);
      if (!lines.has(header)) lines.set(header, line);
      value = undefined;
    } else if (/^\s/.test(raw) && value) {
      value.push(substitute(trimmed, env, (message) => problems.push({ path: [name], message, line })));
    } else {
      const [, key, rest = ''] = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(trimmed) ?? [];
      if (key === undefined || !section) {
        const message = section
          ? `expected \`key = value\`, got '${trimmed}'`
          : `'${trimmed}' stands before any [section]`;
        problems.push({ path: [name], message, line });
        continue;
      }
      const given = substitute(rest, env, (message) => problems.push({ path: [name, key], message, line }));
      value = given === '' ? [] : [given];
      section.set(key, value);
      lines.set(`${name}\n${key}`, line);
    }
  }
  const ini = Object.fromEntries(
    [...sections].map(([header, keys]) => [
      header,
      Object.fromEntries([...keys].map(([key, lines]) => [key, convertLines(lines)])),
    ]),
  );
  const lineOf = (header: string, key = ''): number | undefined => lines.get(`${header}\n${key}`) ?? lines.get(header);
  return { ini, lineOf, problems };
}

function substitute(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  onProblem: (message: string) => void,
): string {
  return text.replaceAll(/\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g, (_, variable: string, otherwise?: string) => {
    const value = env[variable] ?? otherwise;
    if (value === undefined) onProblem(`the environment variable ${variable} is not set`);
    return value ?? '';
  });
}

function convertLines(lines: readonly string[]): IniValue {
  const values = lines.map(convert);
  const [only, ...more] = values;
  return more.length === 0 ? (only ?? '') : values;
}

/** What a text means: a `"quoted"` text, a number (`007` is none), `true`, `false`, or itself. */
function convert(text: string): string | number | boolean {
  const quoted = /^"(.*)"$/.exec(text)?.[1];
  if (quoted !== undefined) return quoted;
  if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text)) return Number(text);
  const lower = text.toLowerCase();
  return lower === 'true' ? true : lower === 'false' ? false : text;
}

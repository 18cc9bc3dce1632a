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
): { readonly ini: Ini; readonly problems: readonly (Problem & { readonly line: number })[] } {
  const problems: (Problem & { readonly line: number })[] = [];
  const sections = new Map<string, Map<string, string[]>>();
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
    }
  }
  const ini = Object.fromEntries(
    [...sections].map(([header, keys]) => [
      header,
      Object.fromEntries([...keys].map(([key, lines]) => [key, convertLines(lines)])),
    ]),
  );
  return { ini, problems };
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

function convert(text: string): string | number | boolean {
  const quoted = /^"(.*)"$/.exec(text)?.[1];
  if (quoted !== undefined) return quoted;
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  const lower = text.toLowerCase();
  return lower === 'true' ? true : lower === 'false' ? false : text;
}

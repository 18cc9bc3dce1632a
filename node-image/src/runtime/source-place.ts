import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { OWN_ENTRY } from './own-entry.ts';

const CHECK_MS = 10_000;

/** Where something is in a source file: `shop.ts:3:7`, or as much of it as is known. `known` is what others know. */
export function sourcePlace(file: string, error: unknown, known?: Shown | undefined): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const shown = snippetPlace(stack) ?? known;
  if (shown !== undefined) {
    const inFile = shown.path === file ? basename(file) : `${basename(file)}: ${shown.path}`;
    return `${inFile}:${shown.line}${shown.column === undefined ? '' : `:${shown.column}`}`;
  }
  const mentioned = mentionIn(stack, file);
  if (mentioned === '' && error instanceof SyntaxError) return `${basename(file)}${checkedPlace(file)}`;
  return `${basename(file)}${mentioned}`;
}

/** A stack without the frames of Node and of Loads, which loaded the file. */
export function framesOutside(stack: string | undefined): string | undefined {
  const [own = ''] = OWN_ENTRY.split(/(?:src|dist)\/[^/]*$/);
  const isOutside = (line: string): boolean => !/^\s+at /.test(line) || !(line.includes('node:') || line.includes(own));
  return stack?.split('\n').filter(isOutside).join('\n');
}

type Shown = { readonly path: string; readonly line: number; readonly column: number | undefined };

/**
 * What Node puts before the stack of a syntax error: `path:line`, the line itself, and below it carets that begin at the column.
 */
function snippetPlace(stack: string): Shown | undefined {
  const { place, line } = /^(?<place>(?:file:\/\/)?\/[^\n]*):(?<line>\d+)\n/.exec(stack)?.groups ?? {};
  if (place === undefined) return undefined;
  const carets = /^ *\^+ *$/m.exec(stack)?.[0].indexOf('^');
  const path = place.startsWith('file:') ? fileURLToPath(place) : place;
  return { path, line: Number(line), column: carets === undefined ? undefined : carets + 1 };
}

/** `:line:column` of the first mention of the file in a stack, or ''. */
function mentionIn(stack: string, file: string): string {
  for (const name of [pathToFileURL(file).href, file]) {
    const at = stack.indexOf(`${name}:`);
    const [place] = (at === -1 ? '' : stack.slice(at + name.length)).match(/^(?::\d+){1,2}/) ?? [];
    if (place !== undefined) return place;
  }
  return '';
}

/** Of JavaScript an error that is caught does not say where it is: Node says it on its stderr only. */
function checkedPlace(file: string): string {
  const { stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8', timeout: CHECK_MS });
  const shown = snippetPlace(stderr);
  return shown === undefined ? '' : `:${shown.line}${shown.column === undefined ? '' : `:${shown.column}`}`;
}

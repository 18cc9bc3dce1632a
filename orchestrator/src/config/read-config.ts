import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { LoadsError, type Problem } from '@loads/core';
import { type Document, isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import { numberOrText } from './overrides.ts';

/** A configuration as read: its content, and where each of its keys stands. */
export type ConfigSource = {
  /** The file's name, for messages; '' where there is none. */
  readonly name: string;
  readonly content: Record<string, unknown>;
  /** What the paths in it are relative to. */
  readonly directory: string;
  /** `loads.yml:7:3` for the place of a path, or of the nearest place above it that exists. */
  placeOf(path: readonly (string | number)[]): string;
  /** What was wrong while reading, such as an environment variable that is not set. */
  readonly problems: readonly Problem[];
  /** What the user should know of how it was read. */
  readonly notes?: readonly string[] | undefined;
};

/** The one key of a molotov.json. */
export const MOLOTOV = 'molotov';

const CONFIG_ENDINGS = ['.yml', '.yaml', '.json'];

/** Whether a file is a configuration (else it is a scenario). */
export function isConfigFile(file: string): boolean {
  return CONFIG_ENDINGS.includes(extname(file));
}

/**
 * Reads a YAML or JSON configuration. `${NAME}` and `${NAME:-default}` in its texts stand for environment variables, and
 * `$${NAME}` for itself; the scenario's path is relative to the file. Throws ERR_FILE_MISSING, or ERR_CONFIG for what is
 * no YAML.
 */
export async function readConfig(file: string, env: NodeJS.ProcessEnv): Promise<ConfigSource> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw new LoadsError('ERR_FILE_MISSING', missing ? `there is no file ${file}` : `${file} cannot be read`, {
      cause,
    });
  });
  const name = basename(file);
  const lines = new LineCounter();
  const document = parseDocument(text.replaceAll(VARIABLE, veiled), { lineCounter: lines });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    const found = document.errors.map(
      (error) => `${place(error.pos[0])} ${error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '')}`,
    );
    throw new LoadsError('ERR_CONFIG', found.join('\n'));
  }
  // Molotov's own files know no variables.
  unveil(document);
  const problems: Problem[] = isMap(document.contents) && document.has(MOLOTOV) ? [] : substitute(document, env);
  const content: unknown = document.toJS();
  if (content === null || typeof content !== 'object' || Array.isArray(content)) {
    throw new LoadsError('ERR_CONFIG', `${name}:1:1 expected keys such as \`scenario: ./shop.ts\``);
  }
  const directory = resolve(dirname(file));
  const config = withAbsoluteScenario(content as Record<string, unknown>, directory);
  return { name, content: config, directory, problems, placeOf: (path) => place(offsetOf(document, path)) };
}

/** The same with an absolute `scenario`: paths of a configuration start at its folder. */
export function withAbsoluteScenario(
  content: Readonly<Record<string, unknown>>,
  directory: string,
): Record<string, unknown> {
  const { scenario } = content;
  return { ...content, ...(typeof scenario === 'string' && { scenario: resolve(directory, scenario) }) };
}

const VARIABLE = /(\$?)\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/** Braces of variables, while the text is parsed: within `{ token: ${TOKEN} }` they would be braces of YAML. */
const [VEILED_OPEN, VEILED_CLOSE] = ['\uE000', '\uE001'];

/** A variable whose braces mean nothing to YAML, of the same length: places in the text stay what they are. */
function veiled(variable: string): string {
  return variable.replace('{', VEILED_OPEN).replace(/\}$/, VEILED_CLOSE);
}

/** Gives all texts and keys their braces back. */
function unveil(document: Document): void {
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string') {
        node.value = node.value.replaceAll(VEILED_OPEN, '{').replaceAll(VEILED_CLOSE, '}');
      }
    },
  });
}

/** Replaces `${NAME}` in all texts; as in a shell, `:-` also stands in for a variable that is empty. */
function substitute(document: Document, env: NodeJS.ProcessEnv): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Scalar(key, node, ancestors) {
      if (key === 'key' || typeof node.value !== 'string') return;
      const text = node.value.replaceAll(VARIABLE, (match, dollar: string, name: string, otherwise?: string) => {
        if (dollar !== '') return match.slice(1);
        const value = otherwise === undefined ? env[name] : env[name] || otherwise;
        if (value !== undefined) return value;
        problems.push({ path: pathOf([...ancestors, node]), message: `the environment variable ${name} is not set` });
        return '';
      });
      // Without quotes it means what it would mean if it stood in the file: `nodes: ${NODES}` is a number.
      if (text !== node.value) node.value = node.type === 'PLAIN' ? numberOrText(text) : text;
    },
  });
  return problems;
}

/** The keys and indexes that lead through a chain of nodes. */
function pathOf(chain: readonly unknown[]): (string | number)[] {
  return chain.flatMap((node, i): (string | number)[] => {
    if (isPair(node)) return [String(node.key)];
    return isSeq(node) ? [node.items.indexOf(chain[i + 1])] : [];
  });
}

/** Where the key of a path stands in the text; for a path that is not there, the nearest key above it. */
function offsetOf(document: Document, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length--) {
    const last = path[length - 1];
    const parent = document.getIn(path.slice(0, length - 1), true) ?? document.contents;
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(last));
      if (pair && isNode(pair.key) && pair.key.range) return pair.key.range[0];
    }
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}

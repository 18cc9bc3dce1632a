import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { LoadsError, type Problem } from '@loads/core';
import { type Document, isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import { numberOrText } from './overrides.ts';

/** A configuration as read: its content, and where each of its keys stands. */
export type ConfigSource = {
  readonly content: Record<string, unknown>;
  /** `loads.yml:7:3` for the place of a path, or of the nearest place above it that exists. */
  placeOf(path: readonly (string | number)[]): string;
  /** What was wrong while reading, such as an environment variable that is not set. */
  readonly problems: readonly Problem[];
};

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
  const document = parseDocument(text, { lineCounter: lines });
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
  const problems: Problem[] = substitute(document, env);
  const content: unknown = document.toJS();
  if (content === null || typeof content !== 'object' || Array.isArray(content)) {
    throw new LoadsError('ERR_CONFIG', `${name}:1:1 expected keys such as \`scenario: ./shop.ts\``);
  }
  const config = content as Record<string, unknown>;
  if (typeof config.scenario === 'string') config.scenario = resolve(dirname(file), config.scenario);
  return { content: config, problems, placeOf: (path) => place(offsetOf(document, path)) };
}

const VARIABLE = /(\$?)\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

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

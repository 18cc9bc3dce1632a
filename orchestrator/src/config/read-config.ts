import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { LoadsError, type Problem } from '@loads/core';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';

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
 * Reads a YAML or JSON configuration. `${NAME}` and `${NAME:-default}` in its texts stand for environment variables; the
 * scenario's path is relative to the file. Throws ERR_FILE_MISSING, or ERR_CONFIG for what is no YAML.
 */
export async function readConfig(file: string, env: NodeJS.ProcessEnv): Promise<ConfigSource> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new LoadsError('ERR_FILE_MISSING', `${file} cannot be read`, { cause });
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

/** Replaces `${NAME}` in all texts. */
function substitute(document: Document, env: NodeJS.ProcessEnv): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Scalar(key, node, ancestors) {
      if (key === 'key' || typeof node.value !== 'string') return;
      node.value = node.value.replaceAll(
        /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g,
        (_, variable: string, otherwise?: string) => {
          const value = env[variable] ?? otherwise;
          if (value === undefined)
            problems.push({
              path: pathOf([...ancestors, node]),
              message: `the environment variable ${variable} is not set`,
            });
          return value ?? '';
        },
      );
    },
  });
  return problems;
}

/** The keys and indexes that lead through a chain of nodes. */
function pathOf(chain: readonly unknown[]): (string | number)[] {
  const path: (string | number)[] = [];
  for (let i = 0; i + 1 < chain.length; i++) {
    const [parent, child] = [chain[i], chain[i + 1]];
    if (parent !== null && typeof parent === 'object' && 'key' in parent && isScalar(parent.key))
      path.push(String(parent.key.value));
    else if (
      parent !== null &&
      typeof parent === 'object' &&
      'items' in parent &&
      !isMap(parent) &&
      Array.isArray(parent.items)
    )
      path.push(parent.items.indexOf(child));
  }
  return path;
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

import { basename } from 'node:path';
import { LoadsError } from '@loads/core';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { ConfigText, Environment } from './config-text.ts';
import { leavesOf, meaning } from './given.ts';

const VARIABLE = /(\$?)\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g;

/**
 * Reads YAML or JSON. `${NAME}` and `${NAME:-default}` in its texts stand for environment variables, `$${NAME}` for
 * itself. Throws ERR_CONFIG for what is no YAML, or no map.
 */
export function readYamlConfig(text: string, file: string, env: Environment): ConfigText {
  const name = basename(file);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    const found = document.errors.map(({ pos, message }) => {
      return `${place(pos[0])} ${message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '')}`;
    });
    throw new LoadsError('ERR_CONFIG', found.join('\n'));
  }
  const problems: string[] = [];
  substitute(document, env, (offset, variable) =>
    problems.push(`${place(offset)} the environment variable ${variable} is not set`),
  );
  const content: unknown = document.toJS() ?? {};
  if (typeof content !== 'object' || Array.isArray(content)) {
    throw new LoadsError('ERR_CONFIG', `${name}:1:1 expected keys such as \`backend: localhost:80\``);
  }
  const { extends: base, use_extension = [], plugins = [], ...rest } = content as Record<string, unknown>;
  const given = leavesOf(rest, (path) => place(offsetOf(document, path)));
  const sources = [use_extension, plugins].flat().map(String);
  return { given, base: base === undefined ? undefined : String(base), plugins: sources, problems };
}

function substitute(document: Document, env: Environment, onMissing: (offset: number, variable: string) => void): void {
  visit(document, {
    Scalar(key, node) {
      if (key === 'key' || typeof node.value !== 'string') return;
      const text = node.value.replaceAll(VARIABLE, (match, dollar: string, name: string, otherwise?: string) => {
        if (dollar !== '') return match.slice(1);
        const value = otherwise === undefined ? env[name] : env[name] || otherwise;
        if (value === undefined) onMissing(node.range?.[0] ?? 0, name);
        return value ?? '';
      });
      // Without quotes it means what it would mean if it stood in the file: `timeout: ${TIMEOUT}` is a number.
      if (text !== node.value) node.value = node.type === 'PLAIN' ? meaning(text) : text;
    },
  });
}

/** Where the key of a path stands in the text, or the nearest above it. */
function offsetOf(document: Document, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length--) {
    const parent = document.getIn(path.slice(0, length - 1), true) ?? document.contents;
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(path[length - 1]));
      if (pair && isNode(pair.key) && pair.key.range) return pair.key.range[0];
    }
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}

import { LoadsError } from '@loads/core';
import { LineCounter, parseDocument } from 'yaml';

/** A map of a document, whose shape nobody has checked. */
export type Node = Readonly<Record<string, unknown>>;

/** More than this in a row is a circle. */
const MOST_REFERENCES = 32;

/** An OpenAPI description with its references within the file. */
export class OpenApiDocument {
  readonly root: Node;
  readonly #name: string;

  constructor(root: Node, name: string) {
    this.root = root;
    this.#name = name;
  }

  /**
   * The map that a value is, or refers to (`$ref`); an empty one for what is no map. Throws ERR_IMPORT for a reference that
   * leads nowhere, out of the file, or round in a circle.
   */
  node(value: unknown): Node {
    let at = value;
    for (let i = 0; i < MOST_REFERENCES; i++) {
      const map = mapOf(at);
      if (typeof map.$ref !== 'string') return map;
      at = this.#target(map.$ref);
    }
    throw this.error(`its references go round in a circle: ${String(mapOf(value).$ref)}`);
  }

  error(message: string): LoadsError {
    return new LoadsError('ERR_IMPORT', `${this.#name}: ${message}`);
  }

  #target(reference: string): unknown {
    if (!reference.startsWith('#')) {
      throw this.error(`'${reference}' is in another file, and only references within the file are followed`);
    }
    let at: unknown = this.root;
    for (const part of pointer(reference.slice(1))) {
      at = Array.isArray(at) ? (at as unknown[])[Number(part)] : own(mapOf(at), part);
    }
    if (at === undefined) throw this.error(`'${reference}' leads nowhere`);
    return at;
  }
}

/**
 * Reads an OpenAPI description of version 3, in JSON or YAML. Throws ERR_IMPORT with its place for what is neither, and
 * for other descriptions.
 */
export function parseOpenApi(text: string, name: string): OpenApiDocument {
  const root = mapOf(parse(text, name));
  const version = root.openapi ?? root.swagger;
  if (version === undefined)
    throw new LoadsError('ERR_IMPORT', `${name} is no OpenAPI description: it has no \`openapi\``);
  if (!/^3\.\d/.test(String(version))) {
    throw new LoadsError(
      'ERR_IMPORT',
      `${name} is of version ${String(version).slice(0, 20)}, and 3.0 or 3.1 is read`,
      {
        hint: 'there are converters, such as swagger2openapi',
      },
    );
  }
  return new OpenApiDocument(root, name);
}

/** What a map has under a key of its own. */
export function own(map: Node, key: string): unknown {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** A value as a map; an empty one when it is none. */
export function mapOf(value: unknown): Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

export function textIn(map: Node, key: string): string | undefined {
  const value = own(map, key);
  return typeof value === 'string' ? value : undefined;
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // It may be YAML.
  }
  try {
    const lineCounter = new LineCounter();
    const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'error' });
    const [first] = document.errors;
    if (!first) return document.toJS({ maxAliasCount: 100 });
    const { line, col } = lineCounter.linePos(first.pos[0]);
    throw new LoadsError('ERR_IMPORT', `${name}:${line}:${col} ${first.message.split('\n')[0]}`);
  } catch (cause) {
    if (cause instanceof LoadsError) throw cause;
    // Bombs of aliases, and nesting without end.
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LoadsError('ERR_IMPORT', `${name} cannot be read: ${why.split('\n')[0]}`, { cause });
  }
}

/** The parts of a JSON pointer (RFC 6901) in a URL's fragment. */
function pointer(fragment: string): readonly string[] {
  const parts = fragment.split('/').slice(1);
  return parts.map((part) => decoded(part).replaceAll('~1', '/').replaceAll('~0', '~'));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

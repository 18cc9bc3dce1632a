import { listOf, mapOf, type Node, type OpenApiDocument, own, textIn } from './document.ts';

/** Deeper, and more values, than a body that a person would write: a description may describe itself without end. */
const DEEPEST = 8;
const MOST_VALUES = 1_000;

const BY_FORMAT: Readonly<Record<string, string>> = {
  'date-time': '2026-01-15T12:00:00Z',
  date: '2026-01-15',
  time: '12:00:00Z',
  duration: 'PT1H',
  email: 'user@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  'uri-reference': '/',
  url: 'https://example.com/',
  uuid: '3fa85f64-5717-4562-b3fc-2c963f66afa6',
  byte: 'bG9hZHM=',
  binary: 'loads',
  password: 'password',
};

/** A value of a schema (OpenAPI 3.0, JSON Schema of 3.1): what it gives as an example or default, else one that fits it. */
export function exampleOf(document: OpenApiDocument, schema: unknown): unknown {
  return new Examples(document).of(schema, 0);
}

/** The example that something with `example` or `examples` gives; undefined where it gives none. */
export function givenExample(document: OpenApiDocument, node: Node): unknown {
  if (own(node, 'example') !== undefined) return node.example;
  const [first] = Object.values(mapOf(node.examples));
  return first === undefined ? undefined : own(document.node(first), 'value');
}

class Examples {
  readonly #document: OpenApiDocument;
  #left = MOST_VALUES;

  constructor(document: OpenApiDocument) {
    this.#document = document;
  }

  of(given: unknown, depth: number): unknown {
    this.#left -= 1;
    if (depth > DEEPEST || this.#left < 0) return null;
    const schema = this.#document.node(given);
    const named = [
      own(schema, 'example'),
      listOf(schema.examples)[0],
      own(schema, 'const'),
      own(schema, 'default'),
      listOf(schema.enum)[0],
    ];
    const known = named.find((value) => value !== undefined);
    if (known !== undefined) return known;
    const [choice] = [...listOf(schema.oneOf), ...listOf(schema.anyOf)];
    const parts = [...listOf(schema.allOf), ...(choice === undefined ? [] : [choice])];
    if (parts.length > 0) return this.#whole(schema, parts, depth);
    switch (typeOf(schema)) {
      case 'object':
        return this.#object(schema, depth);
      case 'array':
        return this.#array(schema, depth);
      case 'integer':
      case 'number':
        return numberOf(schema);
      case 'boolean':
        return true;
      case 'null':
        return null;
      default:
        return stringOf(schema);
    }
  }

  /** What several schemas describe together. */
  #whole(schema: Node, parts: readonly unknown[], depth: number): unknown {
    const values = parts.map((part) => this.of(part, depth + 1));
    const own = schema.properties === undefined ? {} : this.#object(schema, depth);
    if (!values.some((value) => isMap(value))) return values[0];
    return Object.assign({}, ...values.filter(isMap), own);
  }

  #object(schema: Node, depth: number): Readonly<Record<string, unknown>> {
    const required = listOf(schema.required);
    const entries = Object.entries(mapOf(schema.properties)).flatMap(([key, value]): [string, unknown][] => {
      const property = this.#document.node(value);
      if (property.readOnly === true) return [];
      // What may be left out is, where it would go on without end.
      if (!required.includes(key) && (depth >= DEEPEST / 2 || this.#left <= 0)) return [];
      return [[key, this.of(property, depth + 1)]];
    });
    return Object.fromEntries(entries);
  }

  #array(schema: Node, depth: number): readonly unknown[] {
    const least = typeof schema.minItems === 'number' ? schema.minItems : 1;
    const count = Math.max(0, Math.min(least, 10));
    return Array.from({ length: count }, () => this.of(schema.items ?? {}, depth + 1));
  }
}

/** The type of a schema, of which 3.1 may name several; guessed where it names none. */
function typeOf(schema: Node): string | undefined {
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type;
  if (typeof type === 'string') return type;
  if (schema.properties !== undefined) return 'object';
  return schema.items === undefined ? undefined : 'array';
}

function numberOf(schema: Node): number {
  const { minimum, maximum, exclusiveMinimum, multipleOf } = schema;
  const step = typeof multipleOf === 'number' && multipleOf > 0 ? multipleOf : 1;
  const open =
    typeof exclusiveMinimum === 'number' ? exclusiveMinimum : exclusiveMinimum === true ? Number(minimum) : undefined;
  const least =
    open !== undefined && Number.isFinite(open) ? open + step : typeof minimum === 'number' ? minimum : undefined;
  if (least !== undefined) return Math.ceil(least / step) * step;
  return typeof maximum === 'number' && maximum < step ? maximum : step;
}

function stringOf(schema: Node): string {
  const text = BY_FORMAT[textIn(schema, 'format') ?? ''] ?? 'text';
  const least = typeof schema.minLength === 'number' ? Math.min(schema.minLength, 1000) : 0;
  const most =
    typeof schema.maxLength === 'number' && schema.maxLength >= 0 ? schema.maxLength : Number.POSITIVE_INFINITY;
  return text.padEnd(least, 'x').slice(0, most);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

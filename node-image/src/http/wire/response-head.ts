import type { HeaderRecord, ResponseHeaders } from '../response-headers.ts';
import { parseFields } from './header-fields.ts';
import { ProtocolError } from './protocol-error.ts';

/** The head of a response: its status, its fields, and what they say of the body and the connection. */
export class ResponseHead implements ResponseHeaders {
  readonly status: number;
  /** Names as they came, each followed by its value. */
  readonly fields: readonly string[];
  /** The length of the body by `content-length`; -1 when there is none. */
  readonly contentLength: number;
  /** How `transfer-encoding` ends; `other` is a body up to the end of the connection. */
  readonly coding: 'none' | 'chunked' | 'other';
  /** The connection may carry a further request. */
  readonly persistent: boolean;
  /** How long the server keeps the connection without a request, ms (`keep-alive: timeout=5`); -1 when it does not say. */
  readonly keepAliveMs: number;
  readonly marked: boolean;
  #headers: HeaderRecord | undefined;

  /** Throws a ProtocolError when fields contradict each other or themselves. */
  constructor(minorVersion: string, status: number, fields: readonly string[]) {
    this.status = status;
    this.fields = fields;
    const framing = readFraming(fields);
    this.contentLength = framing.contentLength;
    this.coding = codingOf(framing.encodings);
    this.persistent = persists(minorVersion, framing.connection);
    this.keepAliveMs = framing.keepAliveMs;
    this.marked = framing.marked;
    // Who believes the one and who believes the other see different responses (RFC 9112, section 6.3).
    if (this.coding !== 'none' && this.contentLength >= 0) {
      throw new ProtocolError('ERR_HTTP_FRAMING', 'both content-length and transfer-encoding');
    }
  }

  header(name: string): string | undefined {
    const { fields } = this;
    for (let i = 0; i < fields.length; i += 2) {
      if (fields[i]?.length === name.length && fields[i]?.toLowerCase() === name) return fields[i + 1];
    }
    return undefined;
  }

  get headers(): HeaderRecord {
    this.#headers ??= recordOf(this.fields);
    return this.#headers;
  }
}

/**
 * Reads a response head (RFC 9112, section 4) that ends with an empty line. Throws a ProtocolError for anything that is
 * not HTTP/1.0 or HTTP/1.1, and for more than `maxHeaders` fields.
 */
export function parseHead(text: string, maxHeaders: number): ResponseHead {
  const lineEnd = text.indexOf('\r\n');
  const line = text.slice(0, lineEnd);
  const [, minorVersion, status] = STATUS_LINE.exec(line) ?? [];
  if (minorVersion === undefined) {
    throw new ProtocolError('ERR_HTTP_STATUS_LINE', `bad status line '${line.slice(0, 80)}'`);
  }
  return new ResponseHead(minorVersion, Number(status), parseFields(text, lineEnd + 2, text.length - 2, maxHeaders));
}

/** The status in the first line of a response head; undefined for anything that is not HTTP/1.0 or HTTP/1.1. */
export function statusOf(line: string): number | undefined {
  const [, , status] = STATUS_LINE.exec(line) ?? [];
  return status === undefined ? undefined : Number(status);
}

/** Whether a text may be, or become, the begin of a response: a server of another protocol is found out by its first bytes. */
export function mayBeHead(text: string): boolean {
  return text.length < VERSION.length ? VERSION.startsWith(text) : text.startsWith(VERSION);
}

const VERSION = 'HTTP/1.';
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/;

type Framing = {
  contentLength: number;
  encodings: string;
  connection: string;
  keepAliveMs: number;
  marked: boolean;
};

function readFraming(fields: readonly string[]): Framing {
  const framing: Framing = { contentLength: -1, encodings: '', connection: '', keepAliveMs: -1, marked: false };
  for (let i = 0; i < fields.length; i += 2) {
    const value = fields[i + 1] ?? '';
    switch (fields[i]?.toLowerCase()) {
      case 'content-length':
        if (framing.contentLength >= 0) throw new ProtocolError('ERR_HTTP_FRAMING', 'more than one content-length');
        framing.contentLength = lengthOf(value);
        break;
      case 'transfer-encoding':
        framing.encodings += `,${value}`;
        break;
      case 'connection':
        framing.connection += `,${value}`;
        break;
      case 'keep-alive':
        framing.keepAliveMs = 1000 * Number(/(?:^|[\s,])timeout=(\d{1,9})/i.exec(value)?.[1] ?? -0.001);
        break;
      case 'set-cookie':
      case 'content-encoding':
        framing.marked = true;
        break;
    }
  }
  return framing;
}

function lengthOf(value: string): number {
  const length = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(length)) throw new ProtocolError('ERR_HTTP_FRAMING', `bad content-length '${value}'`);
  return length;
}

function codingOf(encodings: string): ResponseHead['coding'] {
  const last = tokens(encodings).at(-1);
  if (last === undefined) return encodings === '' ? 'none' : 'other';
  return last === 'chunked' ? 'chunked' : 'other';
}

function persists(minorVersion: string, connection: string): boolean {
  if (connection === '') return minorVersion === '1';
  const options = tokens(connection);
  return !options.includes('close') && (minorVersion === '1' || options.includes('keep-alive'));
}

function tokens(list: string): readonly string[] {
  return list
    .toLowerCase()
    .split(',')
    .map((token) => token.trim())
    .filter((token) => token !== '');
}

/** The fields by lower-case name. */
export function recordOf(fields: readonly string[]): HeaderRecord {
  // Without a prototype: a header may be called `constructor`.
  const record: Record<string, string | string[]> = Object.create(null);
  for (let i = 0; i < fields.length; i += 2) {
    const name = (fields[i] ?? '').toLowerCase();
    const value = fields[i + 1] ?? '';
    const before = record[name];
    if (before === undefined) record[name] = value;
    else if (typeof before === 'string') record[name] = [before, value];
    else before.push(value);
  }
  return record;
}

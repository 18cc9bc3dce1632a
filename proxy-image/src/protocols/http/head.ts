/**
 * How long a message's body is (RFC 9112, section 6.3): a number of bytes, in chunks, or all that comes until the
 * connection ends.
 */
export type BodyLength = number | 'chunked' | 'until-close';

export type RequestHead = {
  readonly method: string;
  readonly target: string;
  /** Minor version: HTTP/1.0 or HTTP/1.1. */
  readonly minor: 0 | 1;
  /** Values of the `Connection` and `Expect` fields, each with a comma before it. */
  readonly connection: string;
  readonly expect: string;
  /** It logs the whole connection in (NTLM, Negotiate), as HTTP itself knows no way to. */
  readonly logsConnectionIn: boolean;
  readonly body: BodyLength;
  /** The head as it came, for fields that matter to nobody but a selector. */
  readonly text: string;
};

export type ResponseHead = {
  readonly status: number;
  readonly minor: 0 | 1;
  /** Values of the `Connection` field, each with a comma before it. */
  readonly connection: string;
  readonly body: BodyLength;
};

type Fields = {
  contentLength: number | undefined;
  transferEncoding: string;
  connection: string;
  expect: string;
  logsConnectionIn: boolean;
};

const CONNECTION_LOGIN = /^[ \t]*(?:ntlm|negotiate)\b/i;
const REQUEST_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) (\S+) HTTP\/1\.([01])\r?\n/;
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [^\n]*)?\r?\n/;
const EMPTY_LINES = /^(?:\r?\n)+/;
/** The beginning of a request line, of any length. */
const REQUEST_BEGIN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{0,32}(?: [^\n]*)?$/;

/** Reads a request's head, through its empty line. Undefined when it is none, or leaves its body's length in doubt. */
export function parseRequestHead(text: string): RequestHead | undefined {
  const begin = EMPTY_LINES.exec(text)?.[0].length ?? 0;
  const head = begin === 0 ? text : text.slice(begin);
  const line = REQUEST_LINE.exec(head);
  if (!line) return undefined;
  const [whole, method = '', target = '', minorDigit] = line;
  const fields = readFields(head, whole.length);
  if (!fields) return undefined;
  const minor = minorDigit === '0' ? 0 : 1;
  const body = method === 'CONNECT' ? 0 : bodyLength(fields, minor, 0);
  // A request has no end of its own without a length, and no answer could follow it.
  if (body === undefined || body === 'until-close') return undefined;
  const { connection, expect, logsConnectionIn } = fields;
  return { method, target, minor, connection, expect, logsConnectionIn, body, text: head };
}

/** The value of a field by its name; several of one name are joined by `, `. */
export function fieldOf({ text }: RequestHead, name: string): string | undefined {
  const values = text
    .split(/\r?\n/)
    .slice(1)
    .flatMap((line) => {
      const colon = line.indexOf(':');
      return line.slice(0, colon).toLowerCase() === name ? [line.slice(colon + 1).trim()] : [];
    });
  return values.length > 0 ? values.join(', ') : undefined;
}

/** Method and path, without the query: `GET /cart`. */
export function operationOf({ method, target }: RequestHead): string {
  return `${method} ${pathOf(target)}`;
}

/** Whether the connection may stay open after the message (RFC 9112, section 9.3). */
export function keepsAlive({ minor, connection }: Pick<RequestHead, 'minor' | 'connection'>): boolean {
  return minor === 1 ? !hasToken(connection, 'close') : hasToken(connection, 'keep-alive');
}

/** Whether the body waits for a `100 Continue` (RFC 9110, section 10.1.1). */
export function expectsContinue({ minor, expect }: RequestHead): boolean {
  return minor === 1 && hasToken(expect, '100-continue');
}

/** Reads a response's head, through its empty line; the request's method says whether a body follows. */
export function parseResponseHead(text: string, method: string): ResponseHead | undefined {
  const begin = EMPTY_LINES.exec(text)?.[0].length ?? 0;
  const head = begin === 0 ? text : text.slice(begin);
  const line = STATUS_LINE.exec(head);
  if (!line) return undefined;
  const [whole, minorDigit, digits] = line;
  const minor = minorDigit === '0' ? 0 : 1;
  const status = Number(digits);
  const fields = readFields(head, whole.length);
  const bodiless = status < 200 || status === 204 || status === 304 || method === 'HEAD';
  if (bodiless || (method === 'CONNECT' && status < 300)) {
    return { status, minor, connection: fields?.connection ?? ',close', body: 0 };
  }
  const body = fields && bodyLength(fields, minor, 'until-close');
  return fields === undefined || body === undefined
    ? undefined
    : { status, minor, connection: fields.connection, body };
}

/** The head, for a backend that goes by its own name: in the place of what `Host` says stands `host`. */
export function withHost({ text }: RequestHead, host: string): string {
  return text.replaceAll(/(\nhost:)[^\r\n]*/gi, (_, name: string) => `${name} ${host}`);
}

/** Whether bytes that came so far may become a request's head: false as soon as its first line cannot be one. */
export function mayBeRequest(text: string): boolean {
  const begin = text.replace(EMPTY_LINES, '');
  return begin.includes('\n') ? REQUEST_LINE.test(begin) : REQUEST_BEGIN.test(begin.replace(/\r$/, ''));
}

function bodyLength(fields: Fields, minor: 0 | 1, otherwise: BodyLength): BodyLength | undefined {
  if (fields.transferEncoding === '') return fields.contentLength ?? otherwise;
  if (minor === 0) return undefined;
  const codings = fields.transferEncoding.toLowerCase().split(',');
  return codings.at(-1)?.trim() === 'chunked' ? 'chunked' : 'until-close';
}

/** Reads the fields that say where the message ends and what follows. Undefined when a line is no field. */
function readFields(text: string, from: number): Fields | undefined {
  const fields: Fields = {
    contentLength: undefined,
    transferEncoding: '',
    connection: '',
    expect: '',
    logsConnectionIn: false,
  };
  for (let at = from; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    if (newline < 0) return undefined;
    const end = text[newline - 1] === '\r' ? newline - 1 : newline;
    if (end <= at) break;
    const colon = text.indexOf(':', at);
    // No name, folded lines and space before the colon: what one server takes for a field, another does not.
    if (colon <= at || colon >= end || isSpace(text[at]) || isSpace(text[colon - 1])) return undefined;
    if (!readField(fields, text, at, colon, end)) return undefined;
    at = newline + 1;
  }
  return fields;
}

/** Takes one field in, if it is one that matters. False when it contradicts what came before. */
function readField(fields: Fields, text: string, at: number, colon: number, end: number): boolean {
  // Few names have these lengths, so that most fields cost nothing.
  switch (colon - at) {
    case 'expect'.length:
      if (isName(text, at, colon, 'expect')) fields.expect += `,${text.slice(colon + 1, end)}`;
      return true;
    case 'connection'.length:
      if (isName(text, at, colon, 'connection')) fields.connection += `,${text.slice(colon + 1, end)}`;
      return true;
    case 'authorization'.length:
      if (isName(text, at, colon, 'authorization') && CONNECTION_LOGIN.test(text.slice(colon + 1, end)))
        fields.logsConnectionIn = true;
      return true;
    case 'content-length'.length:
      return !isName(text, at, colon, 'content-length') || readLength(fields, text.slice(colon + 1, end));
    case 'transfer-encoding'.length:
      if (isName(text, at, colon, 'transfer-encoding')) fields.transferEncoding += `,${text.slice(colon + 1, end)}`;
      return true;
    default:
      return true;
  }
}

/** Repeated lengths must agree (RFC 9110, section 8.6). */
function readLength(fields: Fields, value: string): boolean {
  for (const item of value.split(',')) {
    const digits = item.trim();
    const length = Number(digits);
    if (!/^\d+$/.test(digits) || !Number.isSafeInteger(length)) return false;
    if (fields.contentLength !== undefined && fields.contentLength !== length) return false;
    fields.contentLength = length;
  }
  return true;
}

function isName(text: string, at: number, colon: number, name: string): boolean {
  return text.slice(at, colon).toLowerCase() === name;
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

function hasToken(list: string, token: string): boolean {
  return (
    list !== '' &&
    list
      .toLowerCase()
      .split(',')
      .some((item) => item.trim() === token)
  );
}

/** The path of a request target in any of its forms (RFC 9112, section 3.2). */
function pathOf(target: string): string {
  const absolute = target.startsWith('/') ? null : /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(target);
  const path = absolute ? target.slice(absolute[0].length) : target;
  const query = path.search(/[?#]/);
  return (query < 0 ? path : path.slice(0, query)) || '/';
}

import { ProtocolError } from './protocol-error.ts';

/**
 * Reads the field lines of `text` in [from, to), each ended by CRLF (RFC 9112, section 5): names as they came, each
 * followed by its value without the white space around it. Throws a ProtocolError for what is no field (also for folded
 * lines and a space before the colon, which smuggle), and for more than `most` fields.
 */
export function parseFields(text: string, from: number, to: number, most: number): readonly string[] {
  const fields: string[] = [];
  let at = from;
  while (at < to) {
    const end = text.indexOf('\r\n', at);
    const colon = text.indexOf(':', at);
    const name = colon < 0 || colon > end ? '' : text.slice(at, colon);
    if (!TOKEN.test(name))
      throw new ProtocolError('ERR_HTTP_HEADER', `bad header line '${start(text.slice(at, end))}'`);
    const value = trimmed(text, colon + 1, end);
    if (!FIELD_VALUE.test(value)) throw new ProtocolError('ERR_HTTP_HEADER', `bad value in header '${name}'`);
    if (fields.length >= 2 * most) throw new ProtocolError('ERR_HTTP_HEADERS_TOO_LARGE', `more than ${most} headers`);
    fields.push(name, value);
    at = end + 2;
  }
  return fields;
}

/** A name of a method or header (RFC 9110, section 5.6.2). */
export const TOKEN: RegExp = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;
/** A value of a header as Latin-1: no control character but the tab (RFC 9110, section 5.5). */
export const FIELD_VALUE: RegExp = /^[\t\x20-\x7e\x80-\xff]*$/;

function trimmed(text: string, from: number, to: number): string {
  let [start, end] = [from, to];
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function start(line: string): string {
  return line.length > 80 ? `${line.slice(0, 80)}...` : line;
}

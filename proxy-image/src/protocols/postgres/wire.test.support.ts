import { message, type TransactionStatus } from './messages.ts';

/** Messages as clients and servers write them. */
export const startup: Buffer = untyped(196608, 'user\0ann\0database\0shop\0\0');
export const sslRequest: Buffer = untyped(80877103);
export const gssRequest: Buffer = untyped(80877104);
export const cancelRequest: Buffer = untyped(80877102, '\0\0\0\x01\0\0\0\x02');

export function untyped(code: number, payload = ''): Buffer {
  const bytes = Buffer.alloc(8 + payload.length);
  bytes.writeUInt32BE(bytes.length);
  bytes.writeUInt32BE(code, 4);
  bytes.write(payload, 8, 'latin1');
  return bytes;
}

export const q = (sql: string): Buffer => message('Q', `${sql}\0`);
export const parse = (sql: string, name = ''): Buffer => message('P', `${name}\0${sql}\0\0\0`);
export function bind(name = '', portal = '', value?: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(value?.length ?? 0);
  const parameters = value === undefined ? '\0\0' : `\0\x01${length.toString('latin1')}${value}`;
  return message('B', Buffer.from(`${portal}\0${name}\0\0\0${parameters}\0\0`, 'latin1'));
}
export const describe = (kind: 'S' | 'P', name = ''): Buffer => message('D', `${kind}${name}\0`);
export const execute = (portal = ''): Buffer => message('E', `${portal}\0\0\0\0\0`);
export const close = (kind: 'S' | 'P', name = ''): Buffer => message('C', `${kind}${name}\0`);
export const sync: Buffer = message('S');
export const flush: Buffer = message('H');
export const copyData = (data: string): Buffer => message('d', data);
export const copyDone: Buffer = message('c');

export const ready = (status: TransactionStatus = 'I'): Buffer => message('Z', status);
export const done = (tag: string): Buffer => message('C', `${tag}\0`);
export const row = (value: string): Buffer => message('D', value);
export const failure = (code: string): Buffer => message('E', `SERROR\0VERROR\0C${code}\0Mno\0\0`);
export const notice: Buffer = message('N', 'SNOTICE\0C00000\0Mhm\0\0');
export const notification: Buffer = message('A', '\0\0\0\x01channel\0payload\0');
export const parsed: Buffer = message('1');
export const bound: Buffer = message('2');
export const described: Buffer = message('T', '\0\0');
export const noData: Buffer = message('n');
export const copyIn: Buffer = message('G', '\0\0\0');

/** A connection that is ready for requests. */
export const authenticated: Buffer = Buffer.concat([
  message('R', '\0\0\0\0'),
  message('S', 'server_version\0' + '15.1\0'),
  message('K', '\0\0\0\x01\0\0\0\x02'),
  ready(),
]);

/** A batch of the extended protocol as drivers write it. */
export function batch(sql: string, name = '', value?: string): Buffer {
  return Buffer.concat([parse(sql, name), bind(name, '', value), describe('P'), execute(), sync]);
}

/** What answers it. */
export function batchDone(tag: string, status: TransactionStatus = 'I'): Buffer {
  return Buffer.concat([parsed, bound, noData, done(tag), ready(status)]);
}

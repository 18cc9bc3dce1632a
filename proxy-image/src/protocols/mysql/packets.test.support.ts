import type { Side } from './codec-driver.test.support.ts';
import { packet } from './packets.ts';

export type Message = readonly [Side, Buffer];

export const PROTOCOL_41 = 0x200;
export const COMPRESS = 0x20;
export const SSL = 0x800;
export const PLUGIN_AUTH = 0x80000;
export const DEPRECATE_EOF = 0x1000000;
export const OPTIONAL_METADATA = 0x2000000;
export const ZSTD = 0x4000000;
export const QUERY_ATTRIBUTES = 0x8000000;
/** MySQL servers set CLIENT_MYSQL, MariaDB's do not. */
const CLIENT_MYSQL = 1;
export const EVERYTHING: number =
  CLIENT_MYSQL |
  PROTOCOL_41 |
  COMPRESS |
  SSL |
  PLUGIN_AUTH |
  DEPRECATE_EOF |
  OPTIONAL_METADATA |
  ZSTD |
  QUERY_ATTRIBUTES;

export const IN_TRANSACTION = 1;
export const MORE_RESULTS = 8;
export const CURSOR_EXISTS = 0x40;

export function bytes(...parts: (number | string | Buffer)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : Buffer.from(part))));
}

export function client(sequence: number, ...parts: (number | string | Buffer)[]): Message {
  return ['client', packet(sequence, bytes(...parts))];
}

export function server(sequence: number, ...parts: (number | string | Buffer)[]): Message {
  return ['server', packet(sequence, bytes(...parts))];
}

function word(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32LE(value | 0);
  return buffer;
}

export function greeting(flags: number = EVERYTHING, extended = 0): Message {
  const flagBytes = word(flags);
  return server(
    0,
    bytes(0x0a, '10.11.19-MariaDB\0', word(7), 'scramble', 0),
    bytes(flagBytes.subarray(0, 2), 0x2d, 2, 0, flagBytes.subarray(2), 21, Buffer.alloc(6), word(extended)),
    'scramble-two\0caching_sha2_password\0',
  );
}

export function login(flags: number, extended = 0): Message {
  const filler = bytes(Buffer.alloc(19), word(extended));
  return client(1, word(flags), word(0xffffff), 0x2d, filler, 'user\0', 4, 'hash', 'caching_sha2_password\0');
}

export function ok(sequence: number, status = 2, header = 0x00): Message {
  return server(sequence, header, 1, 0, status & 0xff, status >> 8, 0, 0);
}

export function eof(sequence: number, status = 2): Message {
  return server(sequence, 0xfe, 0, 0, status & 0xff, status >> 8);
}

export function err(sequence: number): Message {
  return server(sequence, 0xff, 0x28, 0x04, '#42000You have an error');
}

export function definition(sequence: number): Message {
  return server(sequence, 3, 'def', 0, 0, 0, 1, 'a', 0, 0x0c, 0x3f, 0, 1, 0, 0, 0, 8, 0x81, 0, 0, 0, 0);
}

/** A connection that is logged in with what both sides can. */
export function session(flags: number = PROTOCOL_41 | PLUGIN_AUTH): Message[] {
  return [greeting(), login(flags), ok(2)];
}

import { expect } from 'vitest';
import { CodecDriver } from './codec-driver.test.support.ts';
import { MysqlCodec } from './mysql-codec.ts';
import { type Message, PLUGIN_AUTH, PROTOCOL_41, session } from './packets.test.support.ts';

export const PLAIN: number = PROTOCOL_41 | PLUGIN_AUTH;
export const LOGIN: readonly string[] = ['unasked', 'head handshake', 'complete handshake', 'answered handshake'];

export function drive(messages: readonly Message[]): CodecDriver {
  const driver = new CodecDriver(new MysqlCodec());
  for (const [side, chunk] of messages) driver.feed(side, chunk);
  return driver;
}

export function events(messages: readonly Message[]): string[] {
  return drive(messages).found.map(({ event }) => event);
}

/** What is found after a login, in a session with these flags. */
export function afterLogin(messages: readonly Message[], flags: number = PLAIN): string[] {
  const all = events([...session(flags), ...messages]);
  expect(all.slice(0, 4)).toEqual(LOGIN);
  return all.slice(4);
}

/** The operation of one request that is read whole and answered with the last message of all. */
export function exchange(messages: readonly Message[], flags: number = PLAIN): string {
  const { found, opaque } = drive([...session(flags), ...messages]);
  const rest = found.slice(4);
  const operation = rest[0]?.event.replace('head ', '') ?? '';
  expect(opaque).toBe(false);
  expect(rest.map(({ event }) => event)).toEqual([
    `head ${operation}`,
    `complete ${operation}`,
    `answered ${operation}`,
  ]);
  const serverBytes = [...session(flags), ...messages].filter(([side]) => side === 'server');
  expect(rest.at(-1)?.at).toBe(serverBytes.reduce((sum, [, chunk]) => sum + chunk.length, 0));
  return operation;
}

import { expect, test } from 'vitest';
import type { Request } from '../exchange/codec.ts';
import { CodecDriver } from './codec-driver.test.support.ts';
import { MysqlCodec } from './mysql-codec.ts';
import { bytes, client, IN_TRANSACTION, ok, server, session } from './packets.test.support.ts';
import { packet } from './packets.ts';

test('an injected error has the number after the last packet of the request', () => {
  const codec = new MysqlCodec();
  const driver = new CodecDriver(codec);
  const failed = (): { text: string; close: boolean | undefined } => {
    const request = driver.requests.at(-1) as Request;
    const answer = codec.errorFor(request, { id: 'f-1', code: undefined, message: 'chaos {id}', draw: 0, atMs: 0 });
    return { text: answer?.bytes.toString('latin1') ?? '', close: answer?.close };
  };
  for (const [side, chunk] of session()) driver.feed(side, chunk);
  driver.feed('client', client(0, 3, 'SELECT 1')[1]);
  expect(failed()).toEqual({ text: '\x12\x00\x00\x01\xff\xb5\x04#HY000chaos f-1', close: false });
  driver.pending.pop();

  const long = packet(0, Buffer.alloc(0xffffff, 'x')).fill(3, 4, 5);
  driver.feed('client', long);
  driver.feed('client', client(1, 'rest')[1]);
  expect(failed().text[3]).toBe('\x02');
  driver.pending.pop();

  driver.feed('client', client(0, 3, 'LOAD DATA LOCAL')[1]);
  driver.feed('server', server(1, 0xfb, 'a.csv')[1]);
  driver.feed('client', client(2, 'data')[1]);
  driver.feed('client', client(3)[1]);
  expect(failed().text[3]).toBe('\x04');
  driver.pending.pop();

  driver.feed('client', client(0, 1)[1]);
  expect(failed().text).toBe('');
});

test('an EXECUTE of a PREPARE that failed by injection does not reach the statement before it', () => {
  const codec = new MysqlCodec();
  const driver = new CodecDriver(codec);
  const executeLast = client(0, 0x17, 0xff, 0xff, 0xff, 0xff, 0, 1, 0, 0, 0)[1];
  for (const [side, chunk] of session()) driver.feed(side, chunk);
  driver.feed('client', client(0, 0x16, 'DELETE FROM t')[1]);
  codec.errorFor(driver.requests.at(-1) as Request, { id: 'f', code: undefined, message: undefined, draw: 0, atMs: 0 });
  driver.pending.pop();
  driver.feed('client', executeLast);
  expect(driver.requests.at(-1)).toMatchObject({ judged: false, answered: true, instead: { toBackend: undefined } });
  expect(driver.requests.at(-1)?.instead?.toClient.toString('latin1')).toContain(
    '\x01\xff\xdb\x04#HY000Unknown prepared',
  );
  driver.pending.pop();
  driver.feed('client', client(0, 0x16, 'SELECT 1')[1]);
  driver.feed('client', executeLast);
  expect(driver.requests.at(-1)?.instead).toBeUndefined();
});

test('after an injected deadlock the server rolls back before the next statement', () => {
  const next = (sql: string, { status, code = 1213 }: { status: number; code?: number }): Request | undefined => {
    const codec = new MysqlCodec();
    const driver = new CodecDriver(codec);
    for (const [side, chunk] of session()) driver.feed(side, chunk);
    driver.feed('client', client(0, 3, 'INSERT INTO t VALUES (1)')[1]);
    driver.feed('server', ok(1, status)[1]);
    driver.feed('client', client(0, 3, 'INSERT INTO t VALUES (2)')[1]);
    codec.errorFor(driver.requests.at(-1) as Request, { id: 'f-2', code, message: undefined, draw: 0, atMs: 0 });
    driver.pending.pop();
    driver.feed('client', client(0, 3, sql)[1]);
    const request = driver.requests.at(-1);
    if (!request?.instead?.toBackend) return request;
    driver.feed('server', ok(1)[1]);
    driver.feed('client', client(0, 3, 'SELECT 1')[1]);
    expect(driver.requests.at(-1)?.instead).toBeUndefined();
    return request;
  };
  const open = { status: IN_TRANSACTION | 2 };
  const begin = next('start  transaction;', open);
  expect(begin?.judged).toBe(false);
  expect(begin?.instead?.toBackend).toEqual(packet(0, bytes(3, 'ROLLBACK AND CHAIN')));
  expect(begin?.instead?.toClient).toEqual(packet(1, bytes(0, 0, 0, 3, 0, 0, 0)));
  const commit = next('COMMIT', open);
  expect(commit?.instead?.toBackend).toEqual(packet(0, bytes(3, 'ROLLBACK')));
  expect(commit?.instead?.toClient).toEqual(packet(1, bytes(0, 0, 0, 2, 0, 0, 0)));
  const insert = next('INSERT INTO t VALUES (3)', open);
  expect(insert?.instead?.toBackend).toEqual(packet(0, bytes(3, 'ROLLBACK')));
  const told = insert?.instead?.toClient.toString('latin1');
  expect(told?.slice(3, 7)).toBe('\x01\xff\xbd\x04');
  expect(told).toMatch(/#40001Deadlock found .* \(vaurien fault f-2\)$/);
  const savepoint = next('ROLLBACK TO a', open);
  expect(savepoint?.instead?.toBackend).toEqual(packet(0, bytes(3, 'ROLLBACK')));

  expect(next('ROLLBACK', open)).toMatchObject({ operation: 'ROLLBACK', judged: true });
  expect(next('ROLLBACK', open)?.instead).toBeUndefined();
  expect(next('COMMIT', { status: 2 })?.instead).toBeUndefined();
  expect(next('COMMIT', { ...open, code: 1205 })?.instead).toBeUndefined();
});

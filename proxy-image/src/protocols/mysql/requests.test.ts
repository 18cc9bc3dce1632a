import { expect, test } from 'vitest';
import { afterLogin, drive, exchange, PLAIN } from './drive.test.support.ts';
import {
  bytes,
  client,
  definition,
  eof,
  err,
  type Message,
  ok,
  QUERY_ATTRIBUTES,
  server,
  session,
} from './packets.test.support.ts';
import { packet } from './packets.ts';

test.each<[string, Buffer, Message[]]>([
  ['COM_PING', bytes(0x0e), [ok(1)]],
  ['COM_PING', bytes(0x0e), [err(1)]],
  ['COM_INIT_DB', bytes(2, 'shop'), [ok(1)]],
  ['COM_RESET_CONNECTION', bytes(0x1f), [ok(1)]],
  ['COM_STMT_RESET', bytes(0x1a, 1, 0, 0, 0), [ok(1)]],
  ['COM_SET_OPTION', bytes(0x1b, 0, 0), [eof(1)]],
  ['COM_DEBUG', bytes(0x0d), [eof(1)]],
  ['COM_PROCESS_KILL', bytes(0x0c, 1, 0, 0, 0), [ok(1)]],
  ['COM_STATISTICS', bytes(9), [server(1, 'Uptime: 1  Threads: 1')]],
  ['COM_FIELD_LIST', bytes(4, 't\0%'), [definition(1), definition(2), eof(3)]],
  ['COM_FIELD_LIST', bytes(4, 't\0%'), [err(1)]],
  ['COM_PROCESS_INFO', bytes(0x0a), [server(1, 1), definition(2), eof(3), server(4, 1, '7'), eof(5)]],
  ['COM_STMT_FETCH', bytes(0x1c, 1, 0, 0, 0, 2, 0, 0, 0), [server(1, 0, 0, 7), server(2, 0, 0, 8), eof(3, 0x80)]],
  ['COM_STMT_EXECUTE', bytes(0x17, 9, 0, 0, 0, 0, 1, 0, 0, 0), [ok(1)]],
  ['COM_STMT_BULK_EXECUTE', bytes(0xfa, 9, 0, 0, 0, 128, 0), [ok(1)]],
  ['INSERT', bytes(3, "INSERT INTO t VALUES ('secret')"), [ok(1)]],
  ['COM_QUERY', bytes(3, 'secret'), [err(1)]],
  ['PREPARE', bytes(3, 'prepare s from ...'), [ok(1)]],
])('%s and its answer', (operation, command, answer) => {
  expect(exchange([client(0, command), ...answer])).toBe(operation);
});

test.each<[string, Message[]]>([
  ['COM_BINLOG_DUMP', [client(0, 0x12)]],
  ['COM_BINLOG_DUMP_GTID', [client(0, 0x1e)]],
  ['COM_REGISTER_SLAVE', [client(0, 0x15)]],
  ['an unknown command', [client(0, 0x7f)]],
  ['an empty packet', [client(0)]],
  ['a command with a sequence id', [client(1, 0x0e)]],
  ['an answer that is none', [client(0, 0x0e), server(1, 0x42)]],
  ['a result of too many columns', [client(0, 3, 'SELECT 1'), server(1, 0xfd, 0, 0, 9)]],
  ['no end of the metadata', [client(0, 3, 'SELECT 1'), server(1, 1), definition(2), server(3, 1, '1')]],
  ['words of the server that are no error', [ok(1)]],
])('after %s nothing is understood', (_name, messages) => {
  expect(afterLogin(messages).at(-1)).toBe('opaque');
});

test('an execution has the verb of its statement until that is closed', () => {
  const execute = (id: number): Message => client(0, bytes(0x17, id, 0, 0, 0, 0, 1, 0, 0, 0));
  const prepared = (id: number): Message => server(1, 0, id, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  const { requests, pending } = drive([
    ...session(),
    ...[client(0, 0x16, 'DELETE FROM t'), prepared(5), client(0, 0x16, 'CALL p()'), prepared(6)],
    ...[execute(5), ok(1), execute(6), ok(1), execute(0xff), ok(1)],
    ...[client(0, 0x18, 5, 0, 0, 0, 0, 0, 'data'), client(0, 0x19, 5, 0, 0, 0), execute(5), ok(1)],
    ...[client(0, 0x17, 0xff, 0xff, 0xff, 0xff, 0, 1, 0, 0, 0), ok(1)],
    ...[client(0, 0x1f), ok(1), execute(6), ok(1), client(0, 1)],
  ]);
  expect(pending).toEqual([]);
  expect(requests.slice(1).map(({ operation }) => operation)).toEqual([
    ...['DELETE', 'CALL', 'DELETE', 'CALL', 'COM_STMT_EXECUTE'],
    ...['COM_STMT_SEND_LONG_DATA', 'COM_STMT_CLOSE', 'COM_STMT_EXECUTE', 'CALL'],
    ...['COM_RESET_CONNECTION', 'COM_STMT_EXECUTE', 'COM_QUIT'],
  ]);
  const unanswered = requests.filter(({ answered }) => !answered);
  expect(unanswered.map(({ operation, judged }) => [operation, judged])).toEqual([
    ['COM_STMT_SEND_LONG_DATA', false],
    ['COM_STMT_CLOSE', false],
    ['COM_QUIT', false],
  ]);
});

test('a statement of 16 MiB and more is one request', () => {
  const statement = bytes(3, "INSERT INTO t VALUES ('", Buffer.alloc(0xffffff - 24, 'x'));
  const { requests } = drive([...session(), ['client', packet(0, statement)], client(1, "')"), ok(2)]);
  expect(requests[1]).toMatchObject({ operation: 'INSERT', sequence: 1 });
  expect(exchange([['client', packet(0, statement)], client(1), ok(2)])).toBe('INSERT');
});

test('attributes of a query stand before its text', () => {
  const flags = PLAIN | QUERY_ATTRIBUTES;
  expect(exchange([client(0, 3, 0, 1, 'DELETE FROM t'), ok(1)], flags)).toBe('DELETE');
  const one = bytes(1, 1, 0, 1, 0xfe, 0, 3, 'app', 4, 'shop');
  expect(exchange([client(0, 3, one, 'DELETE FROM t'), ok(1)], flags)).toBe('DELETE');
  // Cut off, and more than is looked at.
  expect(exchange([client(0, 3, 3, 1, 0, 1, 8, 0, 1, 'a'), ok(1)], flags)).toBe('COM_QUERY');
  const wide = bytes(1, 1, 0, 1, 0xfe, 0, 3, 'app', 0xfc, 0x00, 0x08, Buffer.alloc(2048));
  expect(exchange([client(0, 3, wide, 'DELETE FROM t'), ok(1)], flags)).toBe('COM_QUERY');
  // A number, a NULL and a date.
  const several = bytes(3, 1, 0b010, 1, 8, 0, 1, 'a', 0xfe, 0, 1, 'b', 12, 0, 1, 'c', Buffer.alloc(8), 4, 1, 2, 3, 4);
  expect(exchange([client(0, 3, several, 'SET @a = 1'), ok(1)], flags)).toBe('SET');
});

test('a statement is no step of a transaction when only its beginning was looked at', () => {
  const attribute = bytes(1, 1, 0, 1, 0xfe, 0, 1, 'a', 0xfc, 0xec, 3, Buffer.alloc(1004));
  const transactionOf = (sql: string): unknown => {
    const { requests } = drive([...session(PLAIN | QUERY_ATTRIBUTES), client(0, 3, attribute, sql)]);
    return requests[1] && 'transaction' in requests[1] ? requests[1].transaction : 'none';
  };
  expect(transactionOf('ROLLBACK')).toBe('rollback');
  expect(transactionOf('ROLLBACK  TO SAVEPOINT a')).toBeUndefined();
});

test('requests that were sent ahead are answered in their order', () => {
  const found = afterLogin([
    [
      'client',
      Buffer.concat([
        packet(0, bytes(0x16, 'INSERT INTO t VALUES (?)')),
        packet(0, bytes(0x17, 0xff, 0xff, 0xff, 0xff, 0, 1, 0, 0, 0)),
      ]),
    ],
    server(1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    ok(1),
  ]);
  expect(found).toEqual([
    ...['head INSERT', 'complete INSERT', 'head INSERT', 'complete INSERT'],
    ...['answered INSERT', 'answered INSERT'],
  ]);
});

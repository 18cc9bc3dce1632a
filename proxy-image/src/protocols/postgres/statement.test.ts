import { expect, test } from 'vitest';
import { readStatement } from './statement.ts';

test.each([
  ['select 1', 'SELECT'],
  ['  \n\t-- why\n/* a /* nested */ comment */ (Select 1) UNION SELECT 2', 'SELECT'],
  [';;UPDATE t SET a = 1', 'UPDATE'],
  ['WITH x AS (SELECT 1) SELECT * FROM x', 'WITH'],
  ['START_REPLICATION 0/0', 'START_REPLICATION'],
  // What is no command may be a secret.
  ['hunter2', 'QUERY'],
  ['Passw0rd', 'QUERY'],
  ["'quoted'", 'QUERY'],
  ['', 'QUERY'],
  ['/* never closed', 'QUERY'],
  ['-- only a comment', 'QUERY'],
])('%j is called %s', (sql, verb) => {
  expect(readStatement(sql)).toEqual({ verb, step: undefined });
});

test.each([
  ['BEGIN ISOLATION LEVEL SERIALIZABLE', 'begin'],
  ['start transaction read only', 'begin'],
  ['COMMIT', 'commit'],
  ['END', 'commit'],
  ["PREPARE TRANSACTION 'x'", 'commit'],
  ['ROLLBACK', 'rollback'],
  ['abort work', 'rollback'],
  ['ROLLBACK TO SAVEPOINT a', 'rollback-to'],
  ['ROLLBACK WORK TO a', 'rollback-to'],
  ['SAVEPOINT a', undefined],
  ["COMMIT PREPARED 'x'", undefined],
  ["ROLLBACK PREPARED 'x'", undefined],
  ['PREPARE s AS SELECT 1', undefined],
])('%j is a step of the transaction: %s', (sql, step) => {
  expect(readStatement(sql).step).toBe(step);
});

test.each([
  ['COMMIT', true, false],
  ['commit work ; ', true, false],
  ['END TRANSACTION', true, false],
  ['COMMIT AND CHAIN', true, true],
  ['COMMIT AND NO CHAIN;', true, false],
  ["PREPARE TRANSACTION 'x';", true, false],
  ['COMMIT; SELECT 1', false, false],
  ["PREPARE TRANSACTION 'x'; SELECT 1", false, false],
])('%j: alone %s, chain %s', (sql, alone, chain) => {
  expect(readStatement(sql)).toMatchObject({ step: 'commit', alone, chain });
});

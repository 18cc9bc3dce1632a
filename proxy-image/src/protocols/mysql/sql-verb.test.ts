import { expect, test } from 'vitest';
import { sqlVerb, transactionStep } from './sql-verb.ts';

test.each([
  ['SELECT 1', 'SELECT'],
  ['  \r\n\tselect 1', 'SELECT'],
  ['(select 1) union (select 2)', 'SELECT'],
  ['/* route=/cart */ INSERT INTO t', 'INSERT'],
  ['/*+ hint */update t', 'UPDATE'],
  ['-- a comment\ndelete from t', 'DELETE'],
  ['--\nDO 1', 'DO'],
  ['# a comment\nDO 1', 'DO'],
  ['/*!40101 SET NAMES utf8 */', 'SET'],
  ['/*M!100100 SET @a = 1 */', 'SET'],
  [';; ROLLBACK', 'ROLLBACK'],
  ['COMMIT', 'COMMIT'],
  ['with a as (select 1) select * from a', 'WITH'],
])('the verb of %j is %s', (sql, verb) => {
  expect(sqlVerb(sql)).toBe(verb);
});

test.each(['', ' ', 'hunter2', 'SELECTED', '--SELECT 1', '/* SELECT', "'SELECT'", '# SELECT', '123'])(
  '%j has no verb that may be shown',
  (sql) => {
    expect(sqlVerb(sql)).toBeUndefined();
  },
);

test('the verb is found in linear time', () => {
  const begin = performance.now();
  for (const junk of [' ', '/*', '/*!', '--', '#\n', '(', '/**/', '*/']) sqlVerb(junk.repeat(100_000));
  expect(performance.now() - begin).toBeLessThan(1000);
});

test.each([
  ['START TRANSACTION', 'begin'],
  [' begin work ; ', 'begin'],
  ['Commit;', 'commit'],
  ['ROLLBACK WORK', 'rollback'],
  ['START TRANSACTION READ ONLY', undefined],
  ['ROLLBACK TO a', undefined],
  ['COMMIT; SELECT 1', undefined],
  ['COMMIT AND CHAIN', undefined],
  [`ROLLBACK${' '.repeat(100)}`, undefined],
])('%j is the step %s', (sql, step) => {
  expect(transactionStep(sql)).toBe(step);
});

import { expect, test } from 'vitest';
import { LAST_STATEMENT, Statements } from './statements.ts';

test('verbs are kept by id, and the oldest are forgotten', () => {
  const statements = new Statements();
  for (let id = 1; id <= 5000; id++) statements.prepared(id, 'SELECT');
  expect(statements.verbOf(5000)).toBe('SELECT');
  expect(statements.verbOf(5000 - 4095)).toBe('SELECT');
  expect(statements.verbOf(5000 - 4096)).toBeUndefined();
  statements.close(5000);
  expect(statements.verbOf(5000)).toBeUndefined();
});

test('the latest statement is known before its id', () => {
  const statements = new Statements();
  statements.sent('INSERT');
  expect(statements.verbOf(LAST_STATEMENT)).toBe('INSERT');
  statements.sent(undefined);
  expect(statements.verbOf(LAST_STATEMENT)).toBeUndefined();
  statements.sent('DELETE');
  statements.clear();
  expect(statements.verbOf(LAST_STATEMENT)).toBeUndefined();
});

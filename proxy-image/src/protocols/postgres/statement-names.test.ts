import { expect, test } from 'vitest';
import { StatementNames } from './statement-names.ts';

test('a name stands for what it was given last; of too many the oldest is forgotten', () => {
  const names = new StatementNames();
  names.remember('first', { verb: 'SELECT' });
  for (let number = 0; number < 999; number++) names.remember(`s${number}`, { verb: 'INSERT' });
  names.remember('first', { verb: 'UPDATE' });
  names.remember('last', { verb: 'DELETE' });
  expect(names.recall('first')).toEqual({ verb: 'UPDATE' });
  expect(names.recall('s0')).toBeUndefined();
  expect(names.recall('s1')).toEqual({ verb: 'INSERT' });
});

import { expect, test } from 'vitest';
import { Variables } from './variables.ts';

test('what one worker sets another gets; a factory makes it once; and other processes are told', () => {
  const told: unknown[] = [];
  const variables = new Variables();
  variables.set('before', 0);
  variables.connect((name, value) => told.push([name, value]));
  variables.set('token', 't');
  let made = 0;
  const factory = (): number => ++made;
  expect([variables.get('token'), variables.get('id', factory), variables.get('id', factory)]).toEqual(['t', 1, 1]);
  const ring: Record<string, unknown> = {};
  ring.self = ring;
  for (const [name, value] of [['ring', ring] as const, ['call', () => 1] as const]) {
    variables.set(name, value);
    expect(variables.get(name)).toBe(value);
  }
  expect(variables.get('nothing')).toBeUndefined();
  variables.receive('token', 'from elsewhere');
  expect(variables.get('token', factory)).toBe('from elsewhere');
  expect(told).toEqual([
    ['token', 't'],
    ['id', 1],
  ]);
});

import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { TurnEnd } from './turn-end.ts';

test('what is added in a turn is delivered at its end, in order, and what is added meanwhile at the next', async () => {
  const seen: string[] = [];
  const turn = new TurnEnd();
  const item = (name: string): { deliver(): void } => ({ deliver: () => void seen.push(name) });
  turn.add(item('a'));
  turn.add({
    deliver: () => {
      seen.push('b');
      turn.add(item('d'));
    },
  });
  turn.add(item('c'));
  expect(seen).toEqual([]);
  await nextTurn();
  expect(seen).toEqual(['a', 'b', 'c']);
  await nextTurn();
  expect(seen).toEqual(['a', 'b', 'c', 'd']);
  turn.add(item('e'));
  await nextTurn();
  expect(seen).toEqual(['a', 'b', 'c', 'd', 'e']);
});

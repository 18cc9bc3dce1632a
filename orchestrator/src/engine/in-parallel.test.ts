import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { inParallel } from './in-parallel.ts';

test('does everything, and no more than so many at a time', async () => {
  let [now, most] = [0, 0];
  const done: number[] = [];
  await inParallel([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    most = Math.max(most, ++now);
    await turn();
    now -= 1;
    done.push(item);
  });
  expect([most, done.toSorted()]).toEqual([3, [1, 2, 3, 4, 5, 6, 7]]);
});

test('after a failure nothing is begun, and what was begun has ended', async () => {
  const log: string[] = [];
  const work = inParallel([1, 2, 3, 4], 2, async (item) => {
    log.push(`begin ${item}`);
    if (item === 1) throw new Error('no');
    await turn();
    log.push(`end ${item}`);
  });
  await expect(work).rejects.toThrow('no');
  expect(log).toEqual(['begin 1', 'begin 2', 'end 2']);
});

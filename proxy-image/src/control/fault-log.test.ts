import { expect, test } from 'vitest';
import { faultEvent } from './fault-event.test.fixture.ts';
import { FaultLog } from './fault-log.ts';

function filled(count: number, capacity = 3): FaultLog {
  const log = new FaultLog(capacity);
  for (let n = 1; n <= count; n++) log.add(faultEvent({ request: n }));
  return log;
}

const numbers = (log: FaultLog, since: number): readonly number[] => log.since(since).events.map(({ seq }) => seq);

test.each([
  // faults so far, asked for after, given, lost
  [0, 0, [], 0],
  [2, 0, [1, 2], 0],
  [2, 1, [2], 0],
  [2, 2, [], 0],
  [5, 0, [3, 4, 5], 2],
  [5, 1, [3, 4, 5], 1],
  [5, 2, [3, 4, 5], 0],
  [5, 4, [5], 0],
  // A number of an earlier life of the process.
  [2, 900, [1, 2], 0],
])('of %d faults, those after %d are %j, and %d are lost', (count, since, given, lost) => {
  const log = filled(count);
  expect(numbers(log, since)).toEqual(given);
  expect(log.since(since).lost).toBe(lost);
});

test('whoever listens gets each fault once, until it has enough', () => {
  const log = new FaultLog();
  const seen: number[] = [];
  const off = log.subscribe(({ request }) => seen.push(request));
  log.add(faultEvent({ request: 1 }));
  log.add(faultEvent({ request: 2 }));
  off();
  log.add(faultEvent({ request: 3 }));
  expect(seen).toEqual([1, 2]);
});

import { expect, test } from 'vitest';
import { PluginReader, soundValues } from './plugin-reader.ts';

test('values that are no finite numbers, or have no name for a metric, are counted out', () => {
  const given = { keys: 3, ratio: -0.5, text: '3', none: Number.NaN, endless: Number.POSITIVE_INFINITY, 'a b': 1 };
  expect(soundValues(given)).toEqual({ values: { keys: 3, ratio: -0.5 }, refused: 4 });
  expect(soundValues(undefined)).toEqual({ values: {}, refused: 1 });
});

test('of more than 50 values the others are counted out', () => {
  const many = Object.fromEntries(Array.from({ length: 53 }, (_, i) => [`v${i}`, i]));
  const { values, refused } = soundValues(many);
  expect([Object.keys(values).length, refused]).toEqual([50, 3]);
});

test('a plug-in that fails gives nothing, and is asked again', async () => {
  let asked = 0;
  const read = (): Record<string, number> => {
    asked += 1;
    if (asked === 1) throw new Error('not yet');
    return { asked };
  };
  const reader = new PluginReader({ name: 'once', read }, 60_000);
  expect(await reader.read()).toEqual({ values: {}, refused: 1 });
  expect(await reader.read()).toEqual({ values: { asked: 2 }, refused: 0 });
});

test('a plug-in that is late is cut off, and not asked again before it has answered', async () => {
  const answer = Promise.withResolvers<Record<string, number>>();
  let asked = 0;
  const read = (): Promise<Record<string, number>> => {
    asked += 1;
    return answer.promise;
  };
  const reader = new PluginReader({ name: 'late', read }, 1);
  expect(await reader.read()).toEqual({ values: {}, refused: 1 });
  expect(await reader.read()).toEqual({ values: {}, refused: 1 });
  expect(asked).toBe(1);
  answer.resolve({ done: 1 });
  await answer.promise;
  await new Promise(setImmediate);
  expect(await reader.read()).toEqual({ values: { done: 1 }, refused: 0 });
});

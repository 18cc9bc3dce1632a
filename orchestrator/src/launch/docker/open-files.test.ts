import { LoadsError, type RunPlan } from '@loads/core';
import { expect, test } from 'vitest';
import { EngineRefusal } from '../../engine/engine-error.ts';
import { fewerFiles, fewFilesNote, firstAsked, isLimitRefusal } from './open-files.ts';

test.each([
  ['Max open files            1024                 1048576              files', 65_536],
  ['Max open files            20000                20000                files', 20_000],
  ['Max open files            unlimited            unlimited            files', 65_536],
  // it says nothing of the engine
  ['Max open files            256                  256                  files', 65_536],
  ['', 65_536],
])('with limits %j so many are asked for: %d', (limits, asked) => {
  expect(firstAsked(limits)).toBe(asked);
});

test('what is refused is halved until it is not worth asking', () => {
  const asked: (number | undefined)[] = [65_536];
  for (let last = asked.at(-1); last !== undefined; last = asked.at(-1)) asked.push(fewerFiles(last));
  expect(asked).toEqual([65_536, 32_768, 16_384, 8192, 4096, 2048, undefined]);
  expect(fewerFiles(20_000)).toBe(16_384);
});

test('a refusal for the limit is told from others, also as the cause of what is said of a node', () => {
  const refusal = new EngineRefusal(
    400,
    'runc create failed: error setting rlimit type 7: operation not permitted',
    {},
  );
  expect(isLimitRefusal(refusal)).toBe(true);
  expect(isLimitRefusal(new LoadsError('ERR_NODE_START', 'node 1', { cause: refusal }))).toBe(true);
  expect(isLimitRefusal(new EngineRefusal(409, 'name is in use', {}))).toBe(false);
  expect(isLimitRefusal(new Error('rlimit'))).toBe(false);
});

test.each([
  // as many as were wanted
  [65_536, { workers: 100_000, nodes: 1 }, undefined],
  [20_000, { workers: 100, nodes: 1 }, undefined],
  [undefined, { workers: 100, nodes: 1 }, undefined],
  [20_000, { workers: 10_000, nodes: 10 }, undefined],
  [20_000, { workers: 10_000, nodes: 1 }, /at most 20000 open files, and 10000 workers of a node may need 40100/],
  [undefined, { workers: 1000, nodes: 1 }, /fewer than 2048 open files/],
])('%s files for %j', (given, plan, note) => {
  const said = fewFilesNote(given, plan as RunPlan, 'unix:///x');
  if (note === undefined) expect(said).toBeUndefined();
  else expect(said).toMatch(note);
});

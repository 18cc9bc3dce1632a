import { LoadsError } from '@loads/core';
import { expect, test } from 'vitest';
import { ProblemList } from './problem-list.ts';

function fails(error: Error): () => never {
  return () => {
    throw error;
  };
}

test('all problems are told together, each on a line with its hint', async () => {
  const problems = new ProblemList();
  expect(problems.of(() => 3)).toBe(3);
  problems.throwAny();
  const single = new LoadsError('ERR_USAGE', '--to is no rate', { hint: 'write 20/s' });
  expect(problems.of(fails(single))).toBeUndefined();
  expect(() => problems.throwAny()).toThrow(single);
  problems.of(
    fails(new LoadsError('ERR_CONFIG', 'a.yml:1:2 nodes: expected 1 or more\na.yml:2:2 seed: expected a number')),
  );
  await problems.ofAsync(async () => fails(new LoadsError('ERR_USAGE', 'no hint of its own'))());
  expect(() => problems.throwAny()).toThrow(
    new LoadsError(
      'ERR_CONFIG',
      [
        '--to is no rate: write 20/s',
        'a.yml:1:2 nodes: expected 1 or more',
        'a.yml:2:2 seed: expected a number',
        'no hint of its own',
      ].join('\n'),
    ),
  );
});

test('what is no problem of the user is thrown on', async () => {
  const problems = new ProblemList();
  const invalid = new LoadsError('ERR_RUN_INVALID', 'the run is INVALID');
  expect(() => problems.of(fails(invalid))).toThrow(invalid);
  await expect(problems.ofAsync(async () => fails(new TypeError('a bug'))())).rejects.toThrow('a bug');
  problems.throwAny();
});

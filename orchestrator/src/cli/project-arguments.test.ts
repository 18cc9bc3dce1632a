import { expect, test } from 'vitest';
import { projectArguments } from './project-arguments.ts';

test('the environment of a container is a command line', () => {
  const env = {
    TEST_REPO: 'https://git.example.com/shop.git',
    TEST_NAME: '--big',
    TEST_REF: '',
    TEST_SUBDIR: 'load tests',
  };
  expect(projectArguments(env, ['--nodes', '2'])).toEqual([
    ...['run', '--repo=https://git.example.com/shop.git', '--subdir=load tests', '--run=--big', '--nodes', '2'],
  ]);
});

test.each([{}, { TEST_REPO: '', TEST_NAME: 'big' }])('%j names no repository', (env) => {
  expect(() => projectArguments(env, [])).toThrow(
    expect.objectContaining({ code: 'ERR_USAGE', message: 'TEST_REPO is not set' }),
  );
});

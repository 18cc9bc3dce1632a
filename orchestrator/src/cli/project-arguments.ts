import { LoadsError } from '@loads/core';

/** What the image of the ancestors read, and what it comes to. */
const VARIABLES: readonly (readonly [string, string])[] = [
  ['TEST_REPO', '--repo'],
  ['TEST_REF', '--ref'],
  ['TEST_SUBDIR', '--subdir'],
  ['TEST_NAME', '--run'],
];

/**
 * The command line of `loads run` that a container's environment asks for, with the container's own arguments behind it.
 * Throws ERR_USAGE without TEST_REPO.
 */
export function projectArguments(env: NodeJS.ProcessEnv, args: readonly string[]): readonly string[] {
  const given = VARIABLES.flatMap(([variable, flag]) => {
    const value = env[variable] ?? '';
    // One argument, so that no value is taken for a flag.
    return value === '' ? [] : [`${flag}=${value}`];
  });
  if ((env.TEST_REPO ?? '') === '') {
    throw new LoadsError('ERR_USAGE', 'TEST_REPO is not set', {
      hint: 'it names the repository with the tests, and TEST_NAME one of its runs',
    });
  }
  return ['run', ...given, ...args];
}

import type { GitCredentials } from './git-environment.ts';

const USER = 'LOADS_REPO_USER';
const TOKEN = 'LOADS_REPO_TOKEN';
/** What GitHub wants with the tokens of apps, and any host takes with one of a person. */
const ANY_USER = 'x-access-token';

/**
 * Takes the token of a private repository out of the environment, and out of it for good: neither npm nor the tests of
 * the repository get to see it.
 */
export function takeCredentials(env: NodeJS.ProcessEnv): GitCredentials | undefined {
  const { [USER]: user, [TOKEN]: token } = env;
  delete env[USER];
  delete env[TOKEN];
  return token === undefined || token === '' ? undefined : { user: user || ANY_USER, token };
}

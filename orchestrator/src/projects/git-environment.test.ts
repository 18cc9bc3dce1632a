import { expect, test } from 'vitest';
import { gitEnvironment } from './git-environment.ts';
import { takeCredentials } from './take-credentials.ts';

const credentials = { user: 'ci', token: 's3cret' };

test('the token goes to its own host only, and settings that were there stay', () => {
  const env = gitEnvironment(
    { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'a.b', GIT_DIR: '/x' },
    'https://git.example.com/a.git',
    credentials,
  );
  const settings = Array.from({ length: Number(env.GIT_CONFIG_COUNT) }, (_, i) => [
    env[`GIT_CONFIG_KEY_${i}`],
    env[`GIT_CONFIG_VALUE_${i}`],
  ]);
  expect(settings[0]?.[0]).toBe('a.b');
  expect(settings).toContainEqual([
    'http.https://git.example.com/.extraHeader',
    `Authorization: Basic ${btoa('ci:s3cret')}`,
  ]);
  expect(settings).toContainEqual(['http.followRedirects', 'false']);
  expect(settings).toContainEqual(['protocol.ext.allow', 'never']);
  expect(env).toMatchObject({ GIT_TERMINAL_PROMPT: '0', GIT_ALLOW_PROTOCOL: 'https:ssh:file' });
  expect(env).not.toHaveProperty('GIT_DIR');
});

test.each(['ssh://git@example.com/a.git', 'file:///a'])('%s gets no token', (url) => {
  expect(JSON.stringify(gitEnvironment({}, url, credentials))).not.toContain(btoa('ci:s3cret'));
});

test('the token is taken out of the environment', () => {
  const env = { LOADS_REPO_TOKEN: 't', PATH: '/bin' };
  expect(takeCredentials(env)).toEqual({ user: 'x-access-token', token: 't' });
  expect(env).toEqual({ PATH: '/bin' });
  expect(takeCredentials({ LOADS_REPO_TOKEN: '' })).toBeUndefined();
});

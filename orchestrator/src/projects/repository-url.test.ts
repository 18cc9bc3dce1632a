import { expect, test } from 'vitest';
import { repositoryRef, repositoryUrl } from './repository-url.ts';

test.each([
  ['https://git.example.com/shop.git', 'https://git.example.com/shop.git'],
  ['ssh://git@example.com:2222/shop.git', 'ssh://git@example.com:2222/shop.git'],
  ['git@example.com:team/shop.git', 'git@example.com:team/shop.git'],
  ['file:///srv/shop.git', 'file:///srv/shop.git'],
  ['/srv/shop repo', 'file:///srv/shop%20repo'],
  ['./a:b', 'file:///home/a:b'],
  ['../shop', 'file:///shop'],
])('%s is fetched from %s', (text, url) => {
  expect(repositoryUrl(text, '/home')).toBe(url);
});

test.each([
  ['http://git.example.com/shop.git', 'is not fetched'],
  ['git://example.com/shop.git', 'is not fetched'],
  ['ext::sh -c touch% /tmp/x', 'is not fetched'],
  ['fd::17', 'is not fetched'],
  ['https://', 'is not fetched'],
  ['https://user:secret@example.com/shop.git', 'has a user in it'],
  ['https://token@example.com/shop.git', 'has a user in it'],
  ['ssh://user:secret@example.com/shop.git', 'has a user in it'],
  ['ssh://-oProxyCommand=x/shop.git', 'has no host'],
  ['-oProxyCommand=x:shop.git', 'is no repository'],
  ['-o:shop.git', 'is no host'],
  ['--upload-pack=x', 'is no repository'],
  ['', 'is no repository'],
])('%s is refused', (text, problem) => {
  expect(() => repositoryUrl(text, '/home')).toThrow(
    expect.objectContaining({ code: 'ERR_USAGE', message: expect.stringContaining(problem) }),
  );
  expect(() => repositoryUrl(text, '/home')).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('secret') }),
  );
});

test.each(['main', 'v2.0.0', 'feature/a-b', 'refs/pull/3/head', '4c65dce'])('%s is a ref', (ref) => {
  expect(repositoryRef(ref)).toBe(ref);
});

test.each(['-x', '--upload-pack=x', 'a:b', 'a..b', '+a', 'a b', '', 'a^', 'a@{1}', '/a'])('%j is no ref', (ref) => {
  expect(() => repositoryRef(ref)).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }));
});

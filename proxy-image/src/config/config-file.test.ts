import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type ConfigFile, readConfigFile } from './config-file.ts';
import { GivenValues } from './given.ts';

async function read(files: Readonly<Record<string, string>>, env: Record<string, string> = {}): Promise<ConfigFile> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'vaurien-config-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder.path, name), text);
  return await readConfigFile(join(folder.path, Object.keys(files)[0] ?? ''), env);
}

test('a file that extends another has the last word', async () => {
  const { given } = await read({
    'a.ini': '[DEFAULT]\nextends = b.ini\n[vaurien]\ntimeout = 1',
    'b.ini': '[vaurien]\nextends = c.yml\ntimeout = 2\nbacklog = 2',
    'c.yml': 'timeout: 3\nbacklog: 3\npool_max_size: 3',
  });
  const values = new GivenValues(given);
  expect(values.content).toEqual({ timeout: 1, backlog: 2, pool_max_size: 3 });
  expect(values.placeOf(['pool_max_size'])).toBe('c.yml:3:1');
});

test('a file that extends itself is refused', async () => {
  await expect(read({ 'a.yml': 'extends: b.yml', 'b.yml': 'extends: a.yml' })).rejects.toThrow('extends itself');
});

test('variables are put in, in their types, and missing ones are told', async () => {
  const text = 'timeout: ${T}\ntoken: "${T}"\nbackend: ${B:-localhost:80}\nproxy: $${B}\nprotocol: ${NOWHERE}';
  const { given, problems } = await read({ 'a.yml': text }, { T: '5' });
  expect(new GivenValues(given).content).toMatchObject({
    timeout: 5,
    token: '5',
    backend: 'localhost:80',
    proxy: '${B}',
  });
  expect(problems).toEqual(['a.yml:5:11 the environment variable NOWHERE is not set']);
});

test('plug-ins are found with the folder that they are relative to', async () => {
  const { plugins, given } = await read({
    'a.ini': '[vaurien]\nuse_extension =\n  ./one.ts\n  two\n[behavior:mine]\ncallable = ./mine.ts\nshare = 3',
  });
  expect(plugins.map(({ source }) => source)).toEqual(['./one.ts', 'two', './mine.ts']);
  expect(new GivenValues(given).content).toEqual({ behaviors: { mine: { share: 3 } } });
});

test.each([
  ['a.ini', '[vaurein]\nproxy = x', /^a\.ini:1 \[vaurein\] is no section/],
  ['a.ini', '[vaurien]\nproxy', /^a\.ini:2 vaurien: expected `key = value`/],
])('%s with %j is told with its line', async (name, text, message) => {
  expect((await read({ [name]: text })).problems).toEqual([expect.stringMatching(message)]);
});

test.each([
  ['a: [', /^a\.yml:1:\d+ /],
  ['- 1', /^a\.yml:1:1 expected keys/],
])('%j is no configuration', async (text, message) => {
  await expect(read({ 'a.yml': text })).rejects.toThrow(message);
});

test('a file that is not there is named', async () => {
  await expect(readConfigFile('/no/such.ini', {})).rejects.toMatchObject({ code: 'ERR_FILE_MISSING' });
});

test('JSON is YAML', async () => {
  expect(new GivenValues((await read({ 'a.json': '{"proxies": {"a": {"backend": "b:1"}}}' })).given).content).toEqual({
    proxies: { a: { backend: 'b:1' } },
  });
});

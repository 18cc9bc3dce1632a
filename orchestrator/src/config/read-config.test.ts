import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConfigSource, isConfigFile, readConfig } from './read-config.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'loads-config-'));
});
afterAll(() => rm(dir, { recursive: true }));

async function read(text: string, env: NodeJS.ProcessEnv = {}): Promise<ConfigSource> {
  const file = join(dir, 'loads.yml');
  await writeFile(file, text);
  return readConfig(file, env);
}

const CONFIG = `# a comment
name: shop
proxies:
  web: { protocol: http, behavior: '5:delay' }
  db:
    backend: db:5432
chaos:
  - at: 5s
    proxy: db
  - { at: 9s, proxy: web }
command: [python3, load.py]
`;

test.each([
  [['name'], '2:1'],
  [['proxies'], '3:1'],
  [['proxies', 'web'], '4:3'],
  // in a map on one line
  [['proxies', 'web', 'behavior'], '4:26'],
  [['proxies', 'db', 'backend'], '6:5'],
  // in a list, as a block and on one line
  [['chaos', 0], '8:5'],
  [['chaos', 0, 'proxy'], '9:5'],
  [['chaos', 1, 'proxy'], '10:15'],
  [['command', 1], '11:20'],
  // What is not there stands at the nearest place above it,
  [['chaos', 1, 'for'], '10:5'],
  [['proxies', 'db', 'protocol'], '5:3'],
  // and what is nowhere at the first key.
  [['scenario'], '2:1'],
  [[], '2:1'],
])('%j stands at %s', async (path, place) => {
  const { placeOf } = await read(CONFIG);
  expect(placeOf(path)).toBe(`loads.yml:${place}`);
});

test.each([
  ['a: [1, 2', /^loads\.yml:1:9 Flow sequence .* end with a \]$/],
  ['a: 1\nb: 2\na: 3\n', /^loads\.yml:3:1 Map keys must be unique$/],
  ['name: shop\ntarget: http://a\n    nodes: 2\n', /^loads\.yml:2:9 Nested mappings are not allowed/],
  ['nodes: 2\nproxies:\n  - a\n  b: 1\n', /^loads\.yml:4:1 All mapping items must start at the same column$/],
  ['a: 1\n---\nb: 2\n', /^loads\.yml:2:1 .*multiple documents/],
])('what is no YAML is refused with its place: %j', async (text, message) => {
  await expect(read(text)).rejects.toMatchObject({ code: 'ERR_CONFIG', message: expect.stringMatching(message) });
});

test.each(['', '# only a comment\n', '- a\n', 'shop.ts', 'null'])('%j has no keys', async (text) => {
  const message = 'loads.yml:1:1 expected keys such as `scenario: ./shop.ts`';
  await expect(read(text)).rejects.toMatchObject({ code: 'ERR_CONFIG', message });
});

test('variables stand for their values, everywhere but in keys', async () => {
  const text = `
    target: http://\${HOST}:\${PORT:-8080}/api
    \${HOST}: key
    command: ['\${HOST}', "\${EMPTY:-default}", '\${EMPTY}', '\${UNSET:-}']
  `;
  const { content, problems } = await read(text, { HOST: 'shop', EMPTY: '' });
  expect(problems).toEqual([]);
  expect(content).toEqual({
    target: 'http://shop:8080/api',
    '${HOST}': 'key',
    command: ['shop', 'default', '', ''],
  });
});

test('without quotes a number is a number, with quotes a text', async () => {
  const { content } = await read('nodes: ${N}\nseed: ${SEED:-7}\nname: "${N}"\nkeep: "12"\nmore: ${N}0', { N: '2' });
  expect(content).toEqual({ nodes: 2, seed: 7, name: '2', keep: '12', more: 20 });
});

test('a variable needs no quotes, on one line neither, and what stands after it keeps its place', async () => {
  const text =
    'proxies: { db: { control: http://chaos:8080, token: ${TOKEN} } }\nenv: [${A:-1}, "${TOKEN}"]\n${KEY}: $${TOKEN}\n';
  const { content, placeOf } = await read(text, { TOKEN: 't' });
  expect(content).toEqual({
    proxies: { db: { control: 'http://chaos:8080', token: 't' } },
    env: [1, 't'],
    '${KEY}': '${TOKEN}',
  });
  expect(placeOf(['env'])).toBe('loads.yml:2:1');
});

test('a doubled dollar stands for itself', async () => {
  const { content, problems } = await read("command: [sh, -c, 'echo $${HOME} $HOME $$'] ", {});
  expect(problems).toEqual([]);
  expect(content).toEqual({ command: ['sh', '-c', 'echo ${HOME} $HOME $$'] });
});

test('every variable that is not set is told, with its place', async () => {
  const { problems } = await read('target: ${A}\nchaos:\n  - { proxy: "${B}${C}" }\n');
  expect(problems).toEqual([
    { path: ['target'], message: 'the environment variable A is not set' },
    { path: ['chaos', 0, 'proxy'], message: 'the environment variable B is not set' },
    { path: ['chaos', 0, 'proxy'], message: 'the environment variable C is not set' },
  ]);
});

test('the scenario is relative to the file', async () => {
  expect((await read('scenario: ./a/shop.ts')).content.scenario).toBe(join(dir, 'a/shop.ts'));
  expect((await read('scenario: /a/shop.ts')).content.scenario).toBe('/a/shop.ts');
  expect((await read('scenario: ${FILE}', { FILE: 'shop.ts' })).content.scenario).toBe(join(dir, 'shop.ts'));
  expect((await read('scenario: 7')).content.scenario).toBe(7);
});

test('JSON is read as well', async () => {
  const file = join(dir, 'loads.json');
  await writeFile(file, '{\n  "name": "shop",\n  "proxies": { "web": {} }\n}\n');
  const { content, placeOf } = await readConfig(file, {});
  expect(content).toEqual({ name: 'shop', proxies: { web: {} } });
  expect(placeOf(['proxies', 'web'])).toBe('loads.json:3:16');
});

test('a file that is not there, or no file, is said to be so', async () => {
  const missing = join(dir, 'none.yml');
  await expect(readConfig(missing, {})).rejects.toMatchObject({
    ...{ code: 'ERR_FILE_MISSING', message: `there is no file ${missing}` },
  });
  await expect(readConfig(dir, {})).rejects.toMatchObject({
    ...{ code: 'ERR_FILE_MISSING', message: `${dir} cannot be read` },
  });
});

test('the ending says what is a configuration', () => {
  expect(['a.yml', 'a.yaml', 'a/b.json'].every(isConfigFile)).toBe(true);
  expect(['shop.ts', 'shop.js', 'yml', '.'].some(isConfigFile)).toBe(false);
});

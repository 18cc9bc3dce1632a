import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkTypes, type TypeCheck, typedFiles, typeErrors } from './check-types.ts';

const SHOP = `import { scenario } from '@loads/node';
import { price } from './price.ts';
scenario('buy', { weight: price }, async ({ http, check }) => {
  const { status } = await http.get('/items');
  check(status === 200, process.env.TEXT ?? 'is there');
});
`;
const PRICE = 'export const price: number = 5;\n';
const STRICT = { module: 'nodenext', target: 'es2024', strict: true, types: ['node'] };
// What matters only to whoever builds the project, and cannot be kept for one of its files.
const BUILDS = {
  composite: true,
  isolatedDeclarations: true,
  tsBuildInfoFile: 'x.tsbuildinfo',
  rootDir: 'src',
  outDir: 'dist',
};

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'loads types '));
});
afterAll(() => rm(root, { recursive: true }));

let projects = 0;

/** A project with these files and this tsconfig.json; `packages` are those of ours that are installed in it. */
async function project(
  files: Readonly<Record<string, string>>,
  config?: object,
  packages: readonly string[] = ['typescript', '@types/node', '@loads/node'],
): Promise<string> {
  const dir = join(root, String(projects++));
  await mkdir(join(dir, 'loads'), { recursive: true });
  await writeFile(join(dir, 'package.json'), '{ "type": "module" }');
  if (config) await writeFile(join(dir, 'tsconfig.json'), JSON.stringify(config));
  for (const [file, text] of Object.entries(files)) await writeFile(join(dir, 'loads', file), text);
  const { resolve } = createRequire(import.meta.url);
  for (const name of packages) {
    const at = join(dir, 'node_modules', name);
    await mkdir(dirname(at), { recursive: true });
    await symlink(dirname(name === '@loads/node' ? dirname(resolve(name)) : resolve(`${name}/package.json`)), at);
  }
  return dir;
}

function check(dir: string, signal: AbortSignal = new AbortController().signal): Promise<TypeCheck> {
  return checkTypes([join(dir, 'loads', 'shop.ts')], signal);
}

test.each([
  ['of its own', { compilerOptions: STRICT }],
  ['for builds', { compilerOptions: { ...STRICT, ...BUILDS }, include: ['src'] }],
])('types that are right pass, with a tsconfig.json %s, and nothing is written', async (_, config) => {
  const dir = await project({ 'shop.ts': SHOP, 'price.ts': PRICE }, config);
  expect(await check(dir)).toBe('checked');
});

test('what scenarios import is that of `loads` where the project has none of its own', async () => {
  const files = { 'shop.ts': SHOP, 'price.ts': PRICE };
  const dir = await project(files, { compilerOptions: STRICT }, ['typescript', '@types/node']);
  expect(await check(dir)).toBe('checked');
});

test('types that the project names are those of its packages', async () => {
  const test = "test('adds', () => { expect(1 + 1).toBe(2); });";
  const config = { compilerOptions: { ...STRICT, types: ['vitest/globals'] } };
  const dir = await project({ 'shop.ts': test }, config, ['typescript', 'vitest', '@loads/node']);
  expect(await check(dir)).toBe('checked');
});

test('what is wrong is told with file, line and column, also in what the scenario imports', async () => {
  const wrong = SHOP.replace('weight:', 'wight:').replace("'is there'", '{ is: 5 }');
  const dir = await project(
    { 'shop.ts': wrong, 'price.ts': PRICE.replace('5', "'five'") },
    { compilerOptions: { ...STRICT, strict: false } },
  );
  const at = relative('', join(dir, 'loads'));
  const message = await check(dir).then(
    () => '',
    ({ code, exitCode, message }) => `${code} ${exitCode}\n${message}`,
  );
  const [head, ...lines] = message.split('\n');
  expect(head).toBe('ERR_SCENARIO_LOAD 107');
  expect(lines[0]).toMatch(/price\.ts:1:14: Type 'string' is not assignable to type 'number'\. \(TS2322\)$/);
  expect(lines[1]).toMatch(/shop\.ts:3:19: .*'wight' does not exist in type 'ScenarioOptions'.*\(TS\d+\)$/);
  expect(lines[2]).toMatch(/shop\.ts:5:25: .*is not assignable to parameter of type 'string'/);
  expect(lines[0]?.startsWith(at)).toBe(true);
});

test.each<[string, object | undefined, readonly string[], TypeCheck]>([
  ['no tsconfig.json', undefined, ['typescript'], 'not configured'],
  ['one that only refers to others', { files: [], references: [] }, ['typescript'], 'not configured'],
  ['no TypeScript', { compilerOptions: STRICT }, [], 'not installed'],
])('a project with %s is left alone', async (_, config, packages, expected) => {
  const dir = await project({ 'shop.ts': 'const one: string = 1;' }, config, packages);
  expect(await check(dir)).toBe(expected);
});

test('files of several projects are checked each by its own', async () => {
  const sloppy = await project(
    { 'shop.ts': 'export const twice = (one) => one * 2;' },
    { compilerOptions: { strict: false } },
  );
  const strict = await project({ 'shop.ts': 'export const one: string = 1;' }, { compilerOptions: STRICT });
  const bare = await project({ 'shop.ts': '' });
  const files = [sloppy, strict, bare].map((dir) => join(dir, 'loads', 'shop.ts'));
  const { signal } = new AbortController();
  await expect(checkTypes(files, signal)).rejects.toThrow(/^[^\n]*shop\.ts:1:14: [^\n]*\(TS2322\)$/);
  expect(
    await checkTypes(
      files.filter((file) => !file.startsWith(strict)),
      signal,
    ),
  ).toBe('checked');
  const lacking = await project({ 'shop.ts': '' }, { compilerOptions: STRICT }, []);
  expect(await checkTypes([...files.slice(0, 1), join(lacking, 'loads', 'shop.ts')], signal)).toBe('not installed');
});

test('a check that is stopped ends', async () => {
  const dir = await project({ 'shop.ts': SHOP, 'price.ts': PRICE }, { compilerOptions: STRICT });
  await expect(check(dir, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
});

test('of what a run loads TypeScript is looked at', () => {
  const extensions = ['/shop/log.mts', '/shop/old.js', '@shop/extension'];
  const plan = { scenario: { kind: 'script', file: '/shop/shop.ts' }, extensions } as const;
  expect(typedFiles(plan)).toEqual(['/shop/shop.ts', '/shop/log.mts']);
  expect(typedFiles({ scenario: { kind: 'command', command: ['./shop.ts'] } })).toEqual([]);
});

test('errors keep their details, and those of the settings have no place', () => {
  const output = `error TS5083: Cannot read file '/base.json'.
../shop (2).ts(3,9): error TS2345: Argument of type '{}' is wrong.
  Property 'a' is missing.
    And more.
Found 2 errors.
`;
  expect(typeErrors(output)).toEqual([
    "Cannot read file '/base.json'. (TS5083)",
    "../shop (2).ts:3:9: Argument of type '{}' is wrong. (TS2345)\n  Property 'a' is missing.\n    And more.",
  ]);
});

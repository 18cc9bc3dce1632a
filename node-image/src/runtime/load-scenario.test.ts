import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { runModule } from '../node-process.test.fixture.ts';

const MAIN = new URL('../main.ts', import.meta.url).href;
const INSPECT = `
import { main } from ${JSON.stringify(MAIN)};
process.exit(await main(['inspect', ...process.argv.slice(1)], {}));
`;

type Inspected = {
  readonly code: number | null;
  readonly scenarios?: readonly unknown[];
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string; readonly stack?: string };
};

/** Loads a scenario file in a process of its own, as it would be for a run. */
async function inspect(
  name: string,
  content: string,
  more: Readonly<Record<string, string>> = {},
  extensions: readonly string[] = [],
): Promise<Inspected> {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-scenario-'));
  for (const [file, text] of Object.entries({ ...more, [name]: content })) {
    await mkdir(dirname(join(dir.path, file)), { recursive: true });
    await writeFile(join(dir.path, file), text);
  }
  const { code, stdout, stderr } = await runModule(
    INSPECT,
    [name, ...extensions].map((file) => join(dir.path, file)),
  );
  expect(stderr).toBe('');
  return { code, ...JSON.parse(stdout) };
}

test.concurrent('a file is TypeScript or JavaScript, imports its neighbours, and may lie anywhere', async ({
  expect,
}) => {
  const typescript = inspect(
    'shop.ts',
    `import { scenario, setup, type ScenarioContext } from '@loads/node';
     import { WEIGHT } from './weights.ts';
     setup(() => ({}));
     scenario('read', { weight: WEIGHT }, async ({ http }: ScenarioContext): Promise<void> => { await http.get('/'); });
     await Promise.resolve();
     scenario('buy', () => {});`,
    { 'weights.ts': 'export const WEIGHT: number = 9;' },
  );
  const javascript = inspect('shop.js', "import { scenario } from '@loads/node'; scenario('read', () => {});");
  expect(await typescript).toEqual({
    code: 0,
    scenarios: [
      { name: 'read', weight: 9 },
      { name: 'buy', weight: 1 },
    ],
    setup: true,
    teardown: false,
  });
  expect(await javascript).toMatchObject({ code: 0, scenarios: [{ name: 'read', weight: 1 }] });
});

const IMPORT = "import { scenario } from '@loads/node';\n";

test('what is wrong in JavaScript is told with its place, too', async () => {
  const { code, error } = await inspect('shop.js', `${IMPORT}const price = ;`);
  expect([code, error?.message]).toEqual([107, "shop.js:2:15: Unexpected token ';'"]);
});

test.concurrent.for<[string, string, RegExp, RegExp | undefined]>([
  ['throws', `${IMPORT}\nthrow new TypeError('no stock');`, /^shop\.ts:3:7: no stock$/, undefined],
  ['throws what is no error', `${IMPORT}throw 'no stock';`, /^shop\.ts: no stock$/, undefined],
  ['is no TypeScript', `${IMPORT}scenario('a', () => {`, /^shop\.ts:2.*: /, undefined],
  ['has an enum', `${IMPORT}  enum Size { Small }`, /^shop\.ts:2:3: .*enum/i, /types are stripped/],
  ['lacks a bracket', `${IMPORT}scenario('a', async ( => {});`, /^shop\.ts:2:23: Expression expected$/, undefined],
  ['imports a file with an enum', "import './lib.ts';", /^shop\.ts: \/.*\/lib\.ts:2:1: .*enum/, /types are stripped/],
  [
    'imports what is not there',
    "// import './gone.ts'\nimport './gone.ts';",
    /^shop\.ts:2:8: Cannot find module/,
    /file ending/,
  ],
  [
    'imports it later',
    "const gone = await import(\n  './gone.ts');",
    /^shop\.ts:2:3: Cannot find module/,
    /file ending/,
  ],
  [
    'imports a file that imports what is not there',
    "import './half.ts';",
    /^shop\.ts: \/.*\/half\.ts:2:23: Cannot find module/,
    /file ending/,
  ],
  ['imports what is no module', "import './half.css';", /^shop\.ts:1:8: Unknown file extension ".css"/, /\.mjs file/],
  [
    'imports an export that is not there',
    "import { half } from './whole.ts';",
    /^shop\.ts:1:10: .*does not provide an export named 'half'$/,
    /spelling/,
  ],
  [
    'imports a package that is not there',
    "import 'no-such-package';",
    /^shop\.ts:1:8: Cannot find package/,
    /npm install/,
  ],
  ['declares nothing', IMPORT, /^shop\.ts: it declares no scenario$/, /declare one/],
  [
    'imports a type as a value',
    "import { scenario, ScenarioContext } from '@loads/node';",
    /^shop\.ts:1:20: .*ScenarioContext/,
    /`import type`/,
  ],
  [
    'listens to an event that there is not',
    "import { events } from '@loads/node';\nevents('scenario_stop' as never, () => {});",
    /^shop\.ts:2:1: there is no event 'scenario_stop'/,
    /scenario_start, scenario_success/,
  ],
  [
    'feeds in an order that there is not',
    "import { feed } from '@loads/node';\nfeed([1], { order: 'uniqe' as never });",
    /^shop\.ts:2:1: a feeder has no order 'uniqe'$/,
    /unique/,
  ],
  [
    'has wrong weights',
    `${IMPORT}scenario('a', { weight: -1 }, () => {});`,
    /^shop\.ts:2:1: scenario 'a' has weight -1$/,
    /0 or more/,
  ],
])(
  'a file that %s is refused, with the place and a hint where there is one',
  async ([, content, message, hint], { expect }) => {
    const { code, error } = await inspect('shop.ts', content, {
      'lib.ts': '\nenum Size { Small }',
      'half.ts': "\nexport { other } from './no-half.ts';",
      'half.css': 'a {}',
      'whole.ts': 'export const whole = 1;',
    });
    expect([code, error?.code]).toEqual([107, 'ERR_SCENARIO_LOAD']);
    expect(error?.message).toMatch(message);
    if (hint) expect(error?.hint).toMatch(hint);
    else expect(error?.hint).toBeUndefined();
  },
);

test.concurrent('TypeScript of a package is refused with the place of its import, and what can be done', async ({
  expect,
}) => {
  const { error } = await inspect('shop.ts', `${IMPORT}import { a } from 'typed';`, {
    'node_modules/typed/package.json': '{ "name": "typed", "type": "module", "exports": "./index.ts" }',
    'node_modules/typed/index.ts': 'export const a: number = 1;',
  });
  expect(error?.message).toMatch(/^shop\.ts:2:19: Stripping types is currently unsupported .* under node_modules/);
  expect(error?.hint).toMatch(/build the package to JavaScript/);
});

test.concurrent('of the stack only what is of the file is told, and none where it threw nothing', async ({
  expect,
}) => {
  const thrown = await inspect('shop.ts', `${IMPORT}\nthrow new TypeError('no stock');`);
  expect(thrown.error?.stack).toMatch(/^TypeError: no stock\n {4}at file:.*shop\.ts:3:7$/m);
  expect(thrown.error?.stack).not.toMatch(/node:internal|node-image/);
  expect((await inspect('shop.ts', IMPORT)).error).not.toHaveProperty('stack');
});

test.concurrent('a module in a package of scripts is told what to change', async ({ expect }) => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-scenario-'));
  await writeFile(join(dir.path, 'package.json'), '{ "type": "commonjs" }');
  await writeFile(join(dir.path, 'shop.ts'), IMPORT);
  const { code, stdout } = await runModule(INSPECT, [join(dir.path, 'shop.ts')]);
  const { error } = JSON.parse(stdout);
  expect([code, error.message]).toEqual([107, 'shop.ts:1:1: Cannot use import statement outside a module']);
  expect(error.hint).toMatch(/`"module"`, or name the file \.mts/);
});

test.concurrent('a file that is not there is told by its name', async ({ expect }) => {
  const { code, stdout } = await runModule(INSPECT, ['/no/such/shop.ts']);
  expect(code).toBe(107);
  expect(JSON.parse(stdout).error.message).toMatch(/^shop\.ts: Cannot find module/);
});

test.concurrent('an extension is loaded before the file, and the options of the file are told', async ({ expect }) => {
  const declared = await inspect(
    'shop.ts',
    `${IMPORT}export const options = { workers: 5, thresholds: { checks: 'rate>0.9' } };\nscenario('own', () => {});`,
    { 'extension.ts': `${IMPORT}scenario('from outside', () => {});` },
    ['extension.ts'],
  );
  expect(declared).toMatchObject({
    code: 0,
    scenarios: [{ name: 'from outside' }, { name: 'own' }],
    options: { workers: 5, thresholds: { checks: 'rate>0.9' } },
  });
});

test.concurrent.for<[string, string, RegExp]>([
  ['options that are no data', 'export const options = [1];', /^shop\.ts: its `options` are no object of plain data$/],
  ['an extension that is not there', '', /^extension gone\.ts: Cannot find module/],
])('%s are refused', async ([, content, message], { expect }) => {
  const extensions = content === '' ? ['gone.ts'] : [];
  const { code, error } = await inspect('shop.ts', `${IMPORT}${content}\nscenario('a', () => {});`, {}, extensions);
  expect([code, error?.code]).toEqual([107, 'ERR_SCENARIO_LOAD']);
  expect(error?.message).toMatch(message);
});

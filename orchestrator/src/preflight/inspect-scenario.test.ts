import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LoadsError } from '@loads/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DeclaredScenarios, inspectScenario } from './inspect-scenario.ts';

const NODE_API = import.meta.resolve('@loads/node');

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'loads-inspect-'));
});
afterAll(() => rm(dir, { recursive: true }));

async function inspect(text: string, signal = new AbortController().signal): Promise<DeclaredScenarios> {
  const file = join(dir, 'shop.ts');
  await writeFile(file, text);
  return inspectScenario(file, { ...process.env, GREETING: 'hello' }, signal);
}

test('what a file declares is told, whatever it prints', async () => {
  const text = `
    import { scenario, setup } from '${NODE_API}';
    console.log('{"scenarios": "many"}');
    setup(async () => 1);
    scenario('read', { weight: 90 }, async () => {});
    scenario(process.env.GREETING, async () => {});
  `;
  expect(await inspect(text)).toEqual({
    scenarios: [
      { name: 'read', weight: 90 },
      { name: 'hello', weight: 1 },
    ],
    setup: true,
    teardown: false,
  });
});

test.each([
  ['throws', "throw new Error('no rope')", /no rope/],
  ['cannot be parsed', 'const = 1', /shop\.ts/],
  ['declares nothing', '', /scenario/],
  ['imports what is not there', "import './none.ts'", /none\.ts/],
  ['awaits what never comes', '\nawait new Promise(() => undefined)', /^shop\.ts: what it awaits .* never comes$/],
  ['ends the process', 'process.exit(0)', /could not be loaded: its process ended$/],
  [
    'ends it after an answer of its own',
    "console.log('42'); process.exit(0)",
    /could not be loaded: its process ended$/,
  ],
  [
    'throws where nobody catches',
    "setTimeout(() => { throw new TypeError('too late'); }); await new Promise((done) => setTimeout(done, 9999))",
    /could not be loaded: TypeError: too late$/,
  ],
])('a file that %s cannot be loaded', async (_, text, message) => {
  await expect(inspect(text)).rejects.toMatchObject({
    ...{ code: 'ERR_SCENARIO_LOAD', exitCode: 107, message: expect.stringMatching(message) },
  });
});

test('the user can stop it', async () => {
  const stop = new AbortController();
  const stopped = new LoadsError('ERR_STOPPED', 'stopped');
  const inspected = inspect('await new Promise((done) => setTimeout(done, 60_000))', stop.signal);
  stop.abort(stopped);
  await expect(inspected).rejects.toBe(stopped);
});

import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseBehaviors } from '../behaviors/parse-behaviors.ts';
import { behaviors, registerBehavior } from '../behaviors/registry.ts';
import { flagOf, pluginOptions } from '../config/option.ts';
import { protocols } from '../protocols/registry.ts';
import { loadPlugins } from './load-plugins.ts';

const ZOD = import.meta.resolve('zod');

/** A plug-in as a user writes it, in TypeScript. */
function source(name: string, more = ''): string {
  return `
import * as z from '${ZOD}';
export const mine = {
  name: '${name}',
  doc: 'Cuts.',
  options: z.strictObject({ hard: z.boolean().default(true).describe('by a reset') }),
  create: ({ hard }: { hard: boolean }) => ({ effect: () => ({ kind: 'cut', mode: hard ? 'rst' : 'fin' }) }),
  ${more}
};
export const other: number = 7;
`;
}

async function load(name: string, text: string): Promise<void> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'vaurien-plugin-'));
  await writeFile(join(folder.path, name), text);
  await loadPlugins(`./${name}`, folder.path);
}

test('a behavior by its path is one like the built-in ones', async () => {
  await load('snip.ts', source('snip'));
  expect(parseBehaviors('5:snip', { hard: false })).toEqual([
    { percent: 5, behavior: 'snip', options: { hard: false } },
  ]);
  expect(pluginOptions().map(flagOf)).toContain('behavior-snip-hard');
});

test('a package by its name', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'vaurien-plugin-'));
  const home = join(folder.path, 'node_modules/vaurien-saw');
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'package.json'), '{ "type": "module", "exports": "./saw.js" }');
  await writeFile(join(home, 'saw.js'), source('saw').replace(': { hard: boolean }', '').replace(': number', ''));
  await loadPlugins('vaurien-saw', folder.path);
  expect(behaviors.has('saw')).toBe(true);
});

test('a protocol is told by its error codes', async () => {
  await load('gopher.ts', source('gopher', 'checkCode: () => undefined,'));
  expect([protocols.has('gopher'), behaviors.has('gopher')]).toEqual([true, false]);
});

test.each([
  ['empty.ts', 'export const nothing = 1;', './empty.ts exports no behavior'],
  ['broken.ts', 'throw new Error("no way");', './broken.ts cannot be loaded: no way'],
  ['taken.ts', source('delay'), "there are two behaviors 'delay'"],
  ['name.ts', source('Big Name'), "the behavior 'Big Name' needs a name of"],
])('%s is refused', async (name, text, message) => {
  await expect(load(name, text)).rejects.toMatchObject({
    code: 'ERR_CONFIG',
    message: expect.stringContaining(message),
  });
});

test('what is not there', async () => {
  await expect(loadPlugins('./nowhere.ts', '/tmp')).rejects.toThrow('./nowhere.ts cannot be loaded');
  await expect(loadPlugins('no-such-package', '/tmp')).rejects.toThrow('no-such-package cannot be loaded');
});

test('the same one twice is one', () => {
  const delay = behaviors.get('delay');
  if (delay) registerBehavior(delay);
  expect(behaviors.get('delay')).toBe(delay);
});

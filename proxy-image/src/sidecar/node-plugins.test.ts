import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { behaviors } from '../behaviors/registry.ts';
import { HOST_KEY } from '../plugins/host-key.ts';
import { loadNodePlugins } from './node-plugins.ts';

function module(name: string, define: string): string {
  const options = `{ shape: {}, parse: () => ({}), safeParse: () => ({ success: true, data: {} }) }`;
  const create = "() => ({ effect: () => ({ kind: 'pass' }) })";
  return `export const mine = (${define})({ name: '${name}', doc: 'Mine.', options: ${options}, create: ${create} });`;
}

test('plug-ins are loaded from their files, or from the text that travelled', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'loads-plugins-'));
  const file = join(folder.path, 'here.mjs');
  await writeFile(file, module('from-file', '(one) => one'));
  const lent = `globalThis[Symbol.for('${HOST_KEY}')].defineBehavior`;
  const code = module('from-text', lent);
  await loadNodePlugins(
    [
      { source: './here.mjs', file },
      { source: './there.ts', file: '/elsewhere/there.ts', code },
    ],
    folder.path,
  );
  expect([behaviors.has('from-file'), behaviors.has('from-text')]).toEqual([true, true]);
});

test('a plug-in that a node cannot load is told', async () => {
  const failing = loadNodePlugins([{ source: './none.ts', file: '/none.ts' }], '/tmp');
  await expect(failing).rejects.toMatchObject({ code: 'ERR_CONFIG', message: expect.stringContaining('/none.ts') });
});

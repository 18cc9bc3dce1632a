import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { RunPlan } from '@loads/core';
import * as vaurien from '@loads/vaurien';
import { expect, test } from 'vitest';
import { plan } from '../console/plan.test.fixture.ts';
import { withPortablePlugins } from './portable-plugins.ts';

const EXAMPLES = resolve(import.meta.dirname, '../../../docs/examples/vaurien');

function withPlugins(...files: readonly string[]): RunPlan {
  return { ...plan, plugins: files.map((file) => ({ source: `./${file}`, file: join(EXAMPLES, file) })) };
}

test('a plug-in travels as one text, and registers with whoever loads it', async () => {
  const { plugins = [] } = await withPortablePlugins(withPlugins('cold-start.ts', 'lines.ts'));
  expect(plugins.map(({ source }) => source)).toEqual(['./cold-start.ts', './lines.ts']);
  Object.defineProperty(globalThis, Symbol.for(vaurien.HOST_KEY), { value: vaurien, configurable: true });
  // A folder where no package can be found.
  await using folder = await mkdtempDisposable(join(tmpdir(), 'loads-portable-'));
  for (const [index, { code = '' }] of plugins.entries()) {
    expect(code).not.toMatch(/from ['"](?!node:)/);
    const file = join(folder.path, `plugin-${index}.mjs`);
    await writeFile(file, code);
    await vaurien.loadPlugins(file, folder.path);
  }
  expect([vaurien.behaviors.has('cold-start'), vaurien.protocols.has('lines')]).toEqual([true, true]);
});

test('a plug-in that cannot travel is told', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'loads-portable-'));
  const file = join(folder.path, 'mine.ts');
  await writeFile(file, "import 'no-such-package';");
  const failing = withPortablePlugins({ ...plan, plugins: [{ source: './mine.ts', file }] });
  await expect(failing).rejects.toMatchObject({
    code: 'ERR_CONFIG',
    message: expect.stringMatching(/^plugins: \.\/mine\.ts cannot be brought to the nodes: .*no-such-package/),
  });
});

test('a plan without plug-ins stays as it is', async () => {
  expect(await withPortablePlugins(plan)).toBe(plan);
});

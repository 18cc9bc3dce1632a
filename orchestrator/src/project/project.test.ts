import { mkdir, mkdtempDisposable, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RunPlan } from '@loads/core';
import { expect, test } from 'vitest';
import { gatherProject } from './project.ts';

const FILES = {
  'package.json': '{ "type": "module" }',
  'lib/item.ts': `export const item: string = 'rope';`,
  'load/shop.ts': `import '../lib/item.ts'; import '@acme/kit'; import '@loads/node'; import 'above';`,
  'load/data.csv': 'a,b',
  'load/.env': 'SECRET=1',
  'load/.loads/runs/x': '',
  'load/node_modules/unused/index.js': '',
  'node_modules/@acme/kit/package.json': '{ "main": "index.js" }',
  'node_modules/@acme/kit/index.js': `require('inner');`,
  'node_modules/@acme/kit/asset.bin': 'x',
  'node_modules/@acme/kit/node_modules/inner/index.js': '',
  '../node_modules/above/index.js': '',
  '../outside.ts': '',
};

async function inProject(work: (root: string) => Promise<void>): Promise<void> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'loads-project-'));
  const root = join(folder.path, 'project');
  for (const [name, content] of Object.entries(FILES)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
  await work(root);
}

function planOf(file: string): RunPlan {
  return { scenario: { kind: 'script', file } } as unknown as RunPlan;
}

test('the folder, what is imported from elsewhere, and packages as a whole are gathered', async () => {
  await inProject(async (root) => {
    await symlink('../load', join(root, 'load/loop'));
    const project = await gatherProject(planOf(join(root, 'load/shop.ts')), join(root, 'load'));
    expect(project.files.map(({ path }) => path).toSorted()).toEqual([
      'lib/item.ts',
      'load/data.csv',
      'load/shop.ts',
      'node_modules/@acme/kit/asset.bin',
      'node_modules/@acme/kit/index.js',
      'node_modules/@acme/kit/node_modules/inner/index.js',
      'node_modules/@acme/kit/package.json',
      'node_modules/above/index.js',
      'package.json',
    ]);
    expect([project.place(join(root, 'load/shop.ts')), project.directory]).toEqual(['load/shop.ts', 'load']);
  });
});

test('a scenario, and an import, from outside of the project is refused by its name', async () => {
  await inProject(async (root) => {
    const outside = join(root, '../outside.ts');
    await expect(gatherProject(planOf(outside), join(root, 'load'))).rejects.toMatchObject({ code: 'ERR_USAGE' });
    await writeFile(join(root, 'load/far.ts'), `import '../../outside.ts';`);
    await expect(gatherProject(planOf(join(root, 'load/far.ts')), join(root, 'load'))).rejects.toThrow(
      /outside.ts lies outside/,
    );
  });
});

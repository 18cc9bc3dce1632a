import { execFile } from 'node:child_process';
import { mkdtempDisposable, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { bundle } from './bundle.ts';
import { IMAGES } from './image.ts';
import { packageFile, packageVersion } from './installed-package.ts';

test.each(Object.values(IMAGES))('the Dockerfile of $name is in step with its package', async (image) => {
  const dockerfile = await readFile(packageFile(image, 'Dockerfile'), 'utf8');
  expect(dockerfile).toContain(`\nARG VERSION=${await packageVersion(image)}\n`);
  expect(dockerfile).toContain(`\nCOPY ${image.bundle} /${basename(image.bundle)}\n`);
  expect(dockerfile).toContain(`title="${image.name}"`);
});

test.each(Object.values(IMAGES))('the bundle of $name is made twice alike', async (image) => {
  const [one, other] = [await bundle(image), await bundle(image)];
  expect(Buffer.from(one).equals(other)).toBe(true);
});

test('the one file runs where there is no package', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'loads-bundle-'));
  const file = join(folder.path, 'loads-node.mjs');
  const scenario = join(folder.path, 'shop.ts');
  await writeFile(file, await bundle(IMAGES.node), { mode: 0o755 });
  await writeFile(
    scenario,
    `import { scenario } from '@loads/node';\nscenario('shop', async (): Promise<void> => {});`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, [file, 'inspect', scenario]);
  expect(JSON.parse(stdout)).toMatchObject({ scenarios: [{ name: 'shop' }] });
  expect((await stat(file)).size).toBeLessThan(8e6);
});

import { execFile } from 'node:child_process';
import { mkdtempDisposable, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { bundleImage, IMAGE_FILES } from './bundle-image.ts';

test.each(IMAGE_FILES)('$file is made twice alike', async (image) => {
  const [one, other] = [await bundleImage(image), await bundleImage(image)];
  expect(Buffer.from(one.contents).equals(Buffer.from(other.contents))).toBe(true);
});

test.each(IMAGE_FILES)('$file says how it is run in as much as an old kernel reads', async (image) => {
  const [line = ''] = Buffer.from((await bundleImage(image)).contents)
    .toString('latin1')
    .split('\n', 1);
  expect(line.startsWith('#!/usr/bin/env -S node')).toBe(true);
  expect(line.length).toBeLessThanOrEqual(127);
});

test('the one file runs where there is no package', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'loads-bundle-'));
  const [image] = IMAGE_FILES;
  const file = join(folder.path, 'loads-node.mjs');
  const scenario = join(folder.path, 'shop.ts');
  if (image) await writeFile(file, (await bundleImage(image)).contents, { mode: 0o755 });
  await writeFile(
    scenario,
    `import { scenario } from '@loads/node';\nscenario('shop', async (): Promise<void> => {});`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, [file, 'inspect', scenario]);
  expect(JSON.parse(stdout)).toMatchObject({ scenarios: [{ name: 'shop' }] });
  expect((await stat(file)).size).toBeLessThan(8e6);
});

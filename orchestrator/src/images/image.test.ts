import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { IMAGES } from './image.ts';
import { packageFile, packageVersion } from './installed-package.ts';

test.each(Object.values(IMAGES))('the Dockerfile of $name is in step with its package', async (image) => {
  const dockerfile = await readFile(packageFile(image, 'Dockerfile'), 'utf8');
  expect(dockerfile).toContain(`\nARG VERSION=${await packageVersion(image)}\n`);
  expect(dockerfile).toContain(`\nCOPY ${image.bundle} /${basename(image.bundle)}\n`);
  expect(dockerfile).toContain(`title="${image.name}"`);
});

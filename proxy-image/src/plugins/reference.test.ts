import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { pluginReference } from './reference.ts';
import { unpadded } from './unpadded.test.support.ts';

test('docs/faults.md describes every behavior and protocol as the registries do (npm run docs:faults)', async () => {
  const page = await readFile(new URL('../../../docs/faults.md', import.meta.url), 'utf8');
  expect(unpadded(page)).toContain(unpadded(pluginReference()));
});

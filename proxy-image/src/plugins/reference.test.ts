import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { pluginReference } from './reference.ts';

test('docs/faults.md describes every behavior and protocol as the registries do (node docs/write-faults.ts)', async () => {
  const page = await readFile(new URL('../../../docs/faults.md', import.meta.url), 'utf8');
  expect(page).toContain(pluginReference());
});

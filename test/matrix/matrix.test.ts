import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { behaviors } from '../../proxy-image/src/behaviors/registry.ts';
import { protocols } from '../../proxy-image/src/protocols/registry.ts';
import { cells } from './cells.ts';

test('every behavior has its cells, and every protocol its row', () => {
  expect([...cells.keys()].sort()).toEqual([...behaviors.keys()].sort());
  const without = [...protocols.keys()].filter((name) => !existsSync(join(import.meta.dirname, `${name}.test.ts`)));
  expect(without).toEqual([]);
});

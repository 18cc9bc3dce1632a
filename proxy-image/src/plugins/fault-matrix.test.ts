import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { behaviors } from '../behaviors/registry.ts';
import { protocols } from '../protocols/registry.ts';
import { faultMatrix } from './fault-matrix.ts';
import { unpadded } from './unpadded.test.support.ts';

test('every behavior has a cell for every protocol, with a sentence', () => {
  const cells = faultMatrix()
    .split('\n')
    .slice(2)
    .map((line) => line.split(' | ').slice(1));
  expect(cells.map(({ length }) => length)).toEqual(Array(behaviors.size).fill(protocols.size));
  for (const text of cells.flat()) expect(text).toMatch(/^.{10,}\.( \|)?$/);
});

test('notes are about behaviors that there are', () => {
  const noted = [...protocols.values()].flatMap(({ notes }) => Object.keys(notes ?? {}));
  expect(noted.filter((name) => !behaviors.has(name))).toEqual([]);
});

test('docs/faults.md shows the table as the registries have it (npm run docs:faults)', async () => {
  const page = await readFile(new URL('../../../docs/faults.md', import.meta.url), 'utf8');
  const section = `<!-- generated: fault matrix -->\n\n${faultMatrix()}\n\n<!-- end of fault matrix -->`;
  expect(unpadded(page)).toContain(unpadded(section));
});

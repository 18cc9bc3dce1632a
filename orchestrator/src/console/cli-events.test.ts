import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CLI_EVENT_TYPES, cliEventSchema } from './cli-events.ts';
import { fullSummary } from './full-summary.test.fixture.ts';

test('a line of JSON is known by its type', () => {
  const summary = { type: 'summary', folder: '/runs/1', summary: fullSummary };
  expect(cliEventSchema.safeParse(summary).success).toBe(true);
  expect(cliEventSchema.safeParse({ ...summary, summary: { ...fullSummary, durationMs: 'long' } }).success).toBe(false);
  expect(cliEventSchema.safeParse({ type: 'nothing' }).success).toBe(false);
});

test('every type that a command writes is in the schema and in docs/cli.md, and no other', async () => {
  const written = new Set<string>();
  for (const folder of ['../cli', '.']) {
    const directory = join(import.meta.dirname, folder);
    for (const file of await readdir(directory)) {
      if (!/^[\w-]+\.ts$/.test(file) || file === 'cli-events.ts') continue;
      const source = await readFile(join(directory, file), 'utf8');
      for (const [, type] of source.matchAll(/(?:\{\s*|^\s*|")type"?: ?['"](\w+)['"]/gm)) written.add(type ?? '');
    }
  }
  expect([...written].toSorted(), 'add it to console/cli-events.ts and docs/cli.md').toEqual(
    CLI_EVENT_TYPES.toSorted(),
  );
  const docs = await readFile(join(import.meta.dirname, '../../../docs/cli.md'), 'utf8');
  const [, lines = ''] = docs.split('\n## JSON lines');
  const documented = [...lines.matchAll(/^\| ((?:`\w+`(?:, )?)+) \|/gm)].flatMap(([, types = '']) =>
    types.split(/[`, ]+/),
  );
  expect([...new Set(documented.filter((type) => type !== ''))].toSorted()).toEqual(CLI_EVENT_TYPES.toSorted());
});

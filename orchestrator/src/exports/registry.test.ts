import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { REPORTERS } from './registry.ts';
import { storedRun } from './stored-run.test.fixture.ts';

const docs = await readFile(join(import.meta.dirname, '../../../docs/exports.md'), 'utf8');

test('docs/exports.md has the formats, as `--help` tells of them', () => {
  const rows = [...docs.matchAll(/^\| `([\w-]+)` \| `([\w.-]+)` \| (.+) \|$/gm)].map(([, ...cells]) => cells);
  expect(rows).toEqual(REPORTERS.map(({ name, file, doc }) => [name, file, doc]));
});

test.each(REPORTERS.map((reporter) => [reporter.name, reporter] as const))(
  '%s gives the same text for the same run, and ends with its last line',
  (_, reporter) => {
    const text = reporter.report(storedRun());
    expect(reporter.report(storedRun())).toBe(text);
    expect(text.endsWith('\n')).toBe(true);
    // Control characters of names and errors never steer the terminal or the page that shows it.
    expect(text).not.toContain('\u001b');
  },
);

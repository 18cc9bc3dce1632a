import { comparisonSchema } from '@loads/core';
import { expect, test } from 'vitest';
import { painter } from '../console/paint.ts';
import { fragile, fullComparison, robust } from './comparison.test.fixture.ts';
import { formatOfFile, PAGE_FORMATS, writeComparison } from './comparison-formats.ts';
import { comparisonText } from './comparison-text.ts';

const NOTES = [`${robust.run} was stopped before its end`];
const lines = comparisonText(fullComparison, NOTES, { paint: painter(false), columns: 200 });
const text = lines.join('\n');

test('the text says what changed, by how much and how sure that is, and names the fault that separates the runs', () => {
  expect(text).toContain(`A  ${fragile.run}  FAILED  70/s requests  version=1`);
  expect(text).toContain(`B  ${robust.run}  PASSED  70/s requests  version=2`);
  expect(text).toMatch(
    /^ {2}worse {2}GET \/items, steady: p50 15\.0ms → 29\.9ms \(\+100%, 99% \[\+8\d.*%, \+1\d.*%\]\), p95 .*, large effect \(delta \+1\)$/m,
  );
  expect(text).toMatch(/^ {2}better {2}all requests, under down: failures 97\.5% → 0% \(-97\.5 points, 99% \[/m);
  expect(text).toMatch(/^WORSE {2}B against A: worse in 1 of 4 parts, better in 1, same in 1, too few samples in 1$/m);
  expect(text).toMatch(/^ {2}down separates them: failures 97\.5% → 0%, collapsed → degraded$/m);
  expect(text).toContain('collapsed → degraded');
  expect(text).toContain('holds in B, and did not in A');
  expect(text).toContain('the load or the faults differ');
  expect(text).toContain(NOTES[0]);
});

test('the verdict stands at the end of the text, and what users named cannot steer a terminal', () => {
  expect(lines.findIndex((line) => line.startsWith('WORSE'))).toBe(lines.length - 3);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
  expect(text).not.toMatch(/\u001b/);
});

test('a narrow terminal gets the differences alone', () => {
  const narrow = comparisonText(fullComparison, [], { paint: painter(false), columns: 100 });
  const row = narrow.find((line) => line.includes('GET /items  '));
  expect(row).toContain('+100%');
  expect(row).not.toContain('→');
});

test('the page says the same, and everything from users is escaped', () => {
  const page = writeComparison('html', fullComparison, NOTES);
  expect(page).toMatch(/^<!doctype html>/);
  expect(page).not.toContain('<img');
  expect(page).toContain('&lt;img src=x onerror=1&gt;');
  expect(page).toContain('down separates them');
  expect(page).toContain('Only in B: GET /new, steady');
  expect(page).not.toMatch(/ style="|https?:\/\/(?!shop)|<script/);
});

test('the Markdown says the same, and no cell ends early', () => {
  const markdown = writeComparison('markdown', fullComparison, NOTES);
  expect(markdown).toMatch(/^## 🔴 shop: worse\n/);
  expect(markdown).toContain('**down separates them');
  expect(markdown).not.toContain('<img');
  for (const table of markdown.split('\n\n').filter((block) => block.startsWith('| '))) {
    const widths = table.split('\n').map((line) => line.split(/(?<!\\)\|/).length);
    expect(new Set(widths).size).toBe(1);
  }
});

test('the JSON is the comparison, after its schema', () => {
  const json: unknown = JSON.parse(writeComparison('json', fullComparison, []));
  expect(comparisonSchema.parse(json)).toEqual(JSON.parse(JSON.stringify(fullComparison)));
  expect(comparisonSchema.safeParse({ ...fullComparison, change: 'bad' }).success).toBe(false);
});

test('a file has the format of its name', () => {
  expect(['a.html', 'b.HTM', 'c.md', 'd.json', 'e.txt', undefined].map(formatOfFile)).toEqual([
    ...['html', 'html', 'markdown', 'json', 'text', 'text'],
  ]);
  for (const format of PAGE_FORMATS) expect(writeComparison(format, fullComparison, [])).toMatch(/\n$/);
});

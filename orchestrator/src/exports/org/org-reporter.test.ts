import { expect, test } from 'vitest';
import { storedRun } from '../stored-run.test.fixture.ts';
import { orgExample, orgText } from './org.ts';
import { orgReporter } from './org-reporter.ts';

test('a run as an Org document: each heading once, every row of a table as wide as its head', () => {
  const { summary } = storedRun();
  const text = orgReporter.report(
    storedRun({ requests: [...summary.requests, { ...summary.total, name: 'buy', protocol: 'grpc' }] }),
  );
  expect(text).toMatch(/^\| buy +\| grpc +\| /m);
  expect(text).toMatch(/^#\+title: FAILED shop\n\n\* Verdict\n\n- verdict :: failed\n/);
  expect(text.match(/^\* .*$/gm)).toEqual([
    '* Verdict',
    '* Thresholds',
    '* Requests',
    '* Faults',
    '* Checks',
    '* Errors',
  ]);
  for (const table of text.match(/(^\|.*\n)+/gm) ?? []) {
    const widths = table
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/[|+]/).length);
    expect(new Set(widths).size, table).toBe(1);
  }
});

test('a run without faults, checks and thresholds has no such headings', () => {
  const text = orgReporter.report(storedRun({ thresholds: [], checks: [], faults: [], errors: [] }));
  expect(text.match(/^\* .*$/gm)).toEqual(['* Verdict', '* Requests']);
});

test('no text from outside is markup, a cell, a heading or a keyword', () => {
  expect(orgText('a|b *bold*\n* heading')).toBe('a\\vert{}b \u200b*bold\u200b* \u200b* heading');
  expect(orgExample(['* heading', '#+end_example', ',* again', 'plain'])).toEqual([
    ...['#+begin_example', ',* heading', ',#+end_example', ',,* again', 'plain', '#+end_example'],
  ]);
});

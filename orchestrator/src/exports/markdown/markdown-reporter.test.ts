import type { Summary } from '@loads/core';
import { expect, test } from 'vitest';
import { storedRun } from '../stored-run.test.fixture.ts';
import { markdownReporter } from './markdown-reporter.ts';

const recovery: Summary['recovery'] = [
  {
    fault: 'slow-web',
    windows: [
      {
        fault: 'slow-web',
        proxy: 'web',
        fromMs: 5000,
        toMs: 8000,
        effect: 'degraded',
        detectionMs: 1000,
        recoveryMs: 2000,
        stepMs: 1000,
      },
      {
        fault: 'slow-web',
        proxy: 'web',
        fromMs: 12_000,
        toMs: 15_000,
        effect: 'collapsed',
        reason: 'not recovered when the load ended',
        stepMs: 1000,
      },
    ],
    ...{ requests: 2000, failed: 80, failedBecause: 78 },
  },
];

test('a failed run as a page', async () => {
  const git = { revision: '0123456789abcdef0123', branch: 'main', dirty: false };
  const host = { name: 'ci', system: 'linux', cpus: 2, memoryBytes: 1 };
  const record = { labels: { version: '2' }, metadata: { versions: { loads: '2', node: '24' }, host, git } };
  const page = markdownReporter.report(storedRun({ recovery }, record));
  await expect(page).toMatchFileSnapshot('markdown-reporter.test.golden.md');
});

test('a run without faults, checks and thresholds has no such sections', () => {
  const page = markdownReporter.report(
    storedRun({ outcome: 'passed', reasons: [], tolerated: [], thresholds: [], checks: [], faults: [], errors: [] }),
  );
  expect(page).toMatch(/^## ✅ PASSED shop\n\n### Requests\n/);
  expect(page).not.toMatch(/Thresholds|Checks|Faults|Errors/);
});

test('requests say their protocol where it is not HTTP alone', () => {
  const { summary } = storedRun();
  const call = { ...summary.total, name: 'buy', protocol: 'grpc' };
  const page = markdownReporter.report(storedRun({ requests: [call] }));
  expect(page).toContain('|  | protocol | requests | failed |');
  expect(page).toContain('| --- | --- | ---: | ---: |');
  expect(page).toMatch(/\| buy \| grpc \| [\d,]+ \|/);
  expect(page).toMatch(/\| \*\*all requests\*\* \| {2}\| [\d,]+ \|/);
});

test('however many names, checks and errors there are, the page stays small', () => {
  const { summary } = storedRun();
  const [request] = summary.requests;
  const [error] = summary.errors;
  if (!request || !error) throw new Error('the fixture has none');
  const many = <T>(make: (n: number) => T): T[] => Array.from({ length: 2000 }, (_, n) => make(n));
  const page = markdownReporter.report(
    storedRun({
      requests: many((n) => ({ ...request, name: `name ${n}`, ok: n })),
      checks: many((n) => ({ name: `check ${n}`, ok: n, failed: 1 })),
      errors: many((n) => ({ ...error, message: `error ${n} `.repeat(100) })),
    }),
  );
  expect(page.length).toBeLessThan(50_000);
  expect(page).toContain('| name 1999 |');
  expect(page).toContain('The 1,950 least frequent names are in summary.json.');
});

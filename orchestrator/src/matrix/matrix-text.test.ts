import type { MatrixRow } from '@loads/core';
import { expect, test } from 'vitest';
import { painter } from '../console/paint.ts';
import type { MatrixReport } from './matrix-report.ts';
import { matrixMarkdown, matrixRowText, matrixText } from './matrix-text.ts';

const plain = painter(false);
const crossed = 'threshold http_req_failed: rate<0.01 does not hold: it is 0.1';
const rows: readonly MatrixRow[] = [
  { run: 'r1', outcome: 'passed', exitCode: 0, reasons: [], requests: 1200, failed: 0, p95Ms: 12 },
  {
    ...{
      fault: 'slow-db',
      run: 'r2',
      outcome: 'passed',
      exitCode: 0,
      reasons: [],
      requests: 1000,
      failed: 0,
      p95Ms: 312,
    },
    cost: { failed: 0, p95Ms: 300, effect: 'degraded', recoveryMs: 2000 },
  },
  {
    ...{ fault: 'db|down', run: 'r3', outcome: 'failed', exitCode: 99, reasons: [crossed], requests: 900, failed: 90 },
    cost: { failed: 90, effect: 'collapsed', reason: 'not recovered when the load ended' },
  },
];
const report: MatrixReport = {
  ...{
    version: 1,
    matrix: 'm1',
    name: 'shop',
    nodes: 2,
    outcome: 'failed',
    exitCode: 99,
    elapsedMs: 61_000,
    runs: 4,
    rows,
  },
};

test('the table has a row for each run, then why a run did not pass, and the verdict over all', () => {
  expect(matrixText(report, plain)).toEqual([
    '',
    'what each fault costs',
    expect.stringMatching(/^ +requests +failed +p95 +slower +more failed +effect +recovery +verdict$/),
    expect.stringMatching(/^ {2}no faults +1,200 +0% +12\.0ms +PASSED$/),
    expect.stringMatching(/^ {2}slow-db +1,000 +0% +312ms +\+300ms +0 +degraded +2\.00s +PASSED$/),
    expect.stringMatching(/^ {2}db\|down +900 +10% +- +90 +collapsed +not recovered when the load ended +FAILED$/),
    '',
    `  db|down: ${crossed}`,
    '',
    'FAILED  m1, 3 runs in 1m1s, 1 not made',
  ]);
});

test('Markdown has the same cells, and names cannot break out of them', () => {
  const lines = matrixMarkdown(report).split('\n');
  expect(lines).toContain('| no faults | 1,200 | 0% | 12.0ms |  |  |  |  | PASSED |');
  expect(lines).toContain('| slow-db | 1,000 | 0% | 312ms | +300ms | 0 | degraded | 2.00s | PASSED |');
  expect(lines).toContain(
    '| db\\|down | 900 | 10% | - |  | 90 | collapsed | not recovered when the load ended | FAILED |',
  );
  expect(lines).toContain('**FAILED** m1');
});

test('a run is a line when it is over', () => {
  const [, slow] = rows;
  expect(slow && matrixRowText(slow, plain)).toMatch(/^ {2}slow-db +passed +1,000 requests, 0% failed, p95 312ms$/);
});

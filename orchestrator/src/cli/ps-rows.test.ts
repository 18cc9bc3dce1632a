import { expect, test } from 'vitest';
import { plan } from '../console/plan.test.fixture.ts';
import type { ListedRun } from '../store/list-runs.ts';
import type { ListedStudy } from '../study/list-studies.ts';
import { type PsRow, psLines, rowsOfStudies, withoutTrials, withStored } from './ps-rows.ts';

const NOW = Date.parse('2026-11-21T13:00:00Z');
const createdAtMs = Date.parse('2026-11-21T12:00:00Z');
const judging = { tolerateLostNodes: false };
const record = { version: 1, run: 'b', plan, launcher: 'process', createdAt: '', judging } as const;
const working: PsRow = { run: 'b', on: 'process', state: 'running', running: 1, nodes: 2, where: '/runs/b' };
const listed: readonly ListedRun[] = [
  { run: 'c', path: '/runs/c', createdAtMs: Number.NaN, state: 'damaged', problem: 'run.json cannot be read' },
  { run: 'b', path: '/runs/b', createdAtMs, state: 'working', record },
  { run: 'a', path: '/runs/a', createdAtMs, state: 'ended', outcome: 'invalid', record: { ...record, run: 'a' } },
];

test('what works comes first, once, and then what has ended', () => {
  expect(psLines(withStored([working], listed), true, NOW)).toEqual([
    'run  on       state    nodes  verdict  age  where',
    'b    process  running  1/2    -        1h   /runs/b',
    'c    -        damaged  0/0    -        -    /runs/c (run.json cannot be read)',
    'a    process  ended    0/2    invalid  1h   /runs/a',
  ]);
});

test('without --all there are neither verdicts nor ages', () => {
  expect(psLines([working], false, NOW)).toEqual([
    'run  on       state    nodes  where',
    'b    process  running  1/2    /runs/b',
  ]);
  expect([psLines([], false, NOW), psLines([], true, NOW)]).toEqual([['no run works here'], ['there is no run here']]);
});

test('a study stands for its runs, but for one that works', () => {
  const study = { kind: 'search', id: 'd', path: '/searches/d.json', createdAtMs, verdict: '40 % holds' } as const;
  const studies: readonly ListedStudy[] = [{ ...study, state: 'working', trials: listed.slice(1) }];
  const rows = withStored([working], listed, studies);
  expect(rows.map(({ run, trialOf }) => [run, trialOf])).toEqual([
    ['b', 'd'],
    ['c', undefined],
    ['a', 'd'],
  ]);
  expect(psLines(withoutTrials(rows, [working]), true, NOW, rowsOfStudies(studies))).toEqual([
    'run  on       state    nodes   verdict     age  where',
    'b    process  running  1/2     -           1h   /runs/b',
    'd    search   working  2 runs  40 % holds  1h   /searches/d.json',
    'c    -        damaged  0/0     -           -    /runs/c (run.json cannot be read)',
  ]);
});

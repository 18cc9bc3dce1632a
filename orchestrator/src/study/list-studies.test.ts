import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { plan } from '../console/plan.test.fixture.ts';
import { identify } from '../launch/process-identity.ts';
import type { MatrixReport } from '../matrix/matrix-report.ts';
import { listRuns } from '../store/list-runs.ts';
import { RunFolder, type RunRecord } from '../store/run-folder.ts';
import { findStored, newestStored } from './find-stored.ts';
import { listStudies } from './list-studies.ts';
import { openRun } from './open-run.ts';
import { removeStudy } from './remove-study.ts';
import { keepReport } from './report-files.ts';

let home = '';
let root = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'loads-studies-'));
  root = join(home, 'runs');
});
afterEach(() => rm(home, { recursive: true }));

const ORDINARY = '20261121-110000-shop-0000';
const SEARCH = '20261121-120000-shop-0001';
const MATRIX = '20261121-130000-shop-0002';
const TRIALS = ['20261121-120001-shop-0003', '20261121-120002-shop-0004'];
const ROW = '20261121-130001-shop-0005';

async function makeRun(run: string, more: Partial<RunRecord> = {}): Promise<RunFolder> {
  const judging = { tolerateLostNodes: true };
  const createdAt = '2026-11-21T12:00:00.000Z';
  return await RunFolder.create(root, { version: 1, run, plan, launcher: 'process', createdAt, judging, ...more });
}

function matrixOf(...runs: readonly string[]): MatrixReport {
  const row = { outcome: 'failed', exitCode: 99, reasons: [], requests: 10, failed: 1 } as const;
  const found = {
    name: 'shop',
    nodes: 1,
    outcome: 'failed',
    exitCode: 99,
    elapsedMs: 1000,
    runs: runs.length,
  } as const;
  return { version: 1, matrix: MATRIX, ...found, rows: runs.map((run) => ({ ...row, run })) };
}

test('a study is its report and its runs: those that its report names, and those with its label', async () => {
  await makeRun(ORDINARY, { labels: { search: 'of a user' } });
  for (const run of TRIALS) await makeRun(run, { labels: { search: SEARCH } });
  // The record of this one is lost, and its labels with it.
  await mkdir(join(root, ROW));
  await keepReport(root, { kind: 'matrix', id: MATRIX }, matrixOf(ROW, '20261121-130002-gone-0006'));
  await writeFile(join(home, 'matrices', 'notes.json'), '{}');
  const studies = await listStudies(root, await listRuns(root));
  expect(
    studies.map(({ kind, id, state, verdict, trials }) => [kind, id, state, verdict, trials.map(({ run }) => run)]),
  ).toEqual([
    ['matrix', MATRIX, 'ended', 'failed', [ROW]],
    ['search', SEARCH, 'unfinished', undefined, TRIALS.toReversed()],
  ]);
  await writeFile(join(home, 'matrices', `${MATRIX}.json`), '{"version":1,"matrix":');
  expect((await listStudies(root, await listRuns(root)))[0]).toMatchObject({ state: 'damaged', trials: [] });
});

test('runs and studies are found by the beginnings of their ids, and by their files', async () => {
  await makeRun(ORDINARY);
  await makeRun(TRIALS[0] ?? '', { labels: { search: SEARCH } });
  const report = await keepReport(root, { kind: 'matrix', id: MATRIX }, matrixOf());
  expect(await findStored(root, '20261121-11')).toMatchObject({ kind: 'run', path: join(root, ORDINARY) });
  expect(await findStored(root, '20261121-13')).toMatchObject({ study: { id: MATRIX } });
  expect(await findStored(root, report)).toMatchObject({ study: { id: MATRIX } });
  expect(await findStored(root, SEARCH)).toMatchObject({ study: { id: SEARCH, state: 'unfinished' } });
  await expect(findStored(root, '20261121-1')).rejects.toMatchObject({
    ...{ code: 'ERR_RUN_UNKNOWN', message: "'20261121-1' begins the names of 3 runs, searches, matrices or sizings" },
  });
  await expect(findStored(root, 'nothing')).rejects.toMatchObject({ code: 'ERR_RUN_UNKNOWN' });
  expect(await newestStored(root)).toMatchObject({ study: { id: MATRIX } });
});

test('the newest run is no trial, and a study is no run', async () => {
  await expect(openRun(root, undefined)).rejects.toMatchObject({ message: `there is no run below ${root}` });
  await makeRun(TRIALS[0] ?? '', { labels: { search: SEARCH } });
  await expect(openRun(root, undefined)).rejects.toThrow('are only runs of searches, matrices and sizings');
  await makeRun(ORDINARY);
  expect((await openRun(root, undefined)).record.run).toBe(ORDINARY);
  expect((await openRun(root, TRIALS[0])).record.run).toBe(TRIALS[0]);
  await keepReport(root, { kind: 'matrix', id: MATRIX }, matrixOf());
  await expect(openRun(root, MATRIX)).rejects.toThrow(`'${MATRIX}' is no run: it is a matrix of several`);
});

test('a study goes with its runs and all files of its report, unless its command lives', async () => {
  await makeRun(ORDINARY);
  const trial = await makeRun(ROW, { labels: { matrix: MATRIX } });
  const report = await keepReport(root, { kind: 'matrix', id: MATRIX }, matrixOf(ROW));
  await writeFile(report.replace('.json', '.md'), '');
  const study = async () => (await listStudies(root, await listRuns(root)))[0];
  const found = await study();
  expect(found?.state).toBe('ended');
  if (found) await removeStudy(found, false);
  expect([await readdir(root), await readdir(join(home, 'matrices')), await study()]).toEqual([
    [ORDINARY],
    [],
    undefined,
  ]);
  const owner = await identify(process.pid);
  await makeRun(ROW, { labels: { matrix: MATRIX }, owner });
  const working = await study();
  expect(working?.state).toBe('working');
  if (working) await expect(removeStudy(working, true)).rejects.toThrow(`the command of matrix ${MATRIX} still works`);
  expect(await readdir(root)).toContain(trial.record.run);
});

import { mkdtemp, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { baselineText, nodeResultToJson, type Summary } from '@loads/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fullSummary } from '../console/full-summary.test.fixture.ts';
import { plan } from '../console/plan.test.fixture.ts';
import { nodeResult } from '../exports/stored-run.test.fixture.ts';
import type { LabelFilter } from '../metadata/label-filter.ts';
import { RunFolder, type RunRecord } from '../store/run-folder.ts';
import { openFigures } from './open-figures.ts';
import { notesOfSides, openSide } from './open-side.ts';
import { readTrend } from './read-trend.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'loads-compare-'));
});
afterEach(() => rm(root, { recursive: true }));

const [OLD, NEW] = ['20261120-120000-shop-aaaa', '20261121-120000-shop-bbbb'];
const TOLERANCE = { ratio: 0.05, leastMs: 1 };

/** A run of two nodes in its folder, as it was judged. */
async function store(run: string, outcome: Summary['outcome'], change: Partial<RunRecord> = {}): Promise<RunFolder> {
  const judging = { tolerateLostNodes: false };
  const createdAt = `2026-11-${run.slice(6, 8)}T12:00:00.000Z`;
  const folder = await RunFolder.create(root, {
    version: 1,
    run,
    plan,
    launcher: 'process',
    createdAt,
    judging,
    ...change,
  });
  for (const node of [1, 2]) {
    const json = JSON.stringify(nodeResultToJson(nodeResult(node, { run })));
    await writeFile(join(folder.nodeDir(node), 'result.json.gz'), gzipSync(json));
  }
  const nodeRows = fullSummary.nodeRows.map(({ lost: _, ...row }) => ({ ...row, state: 'done' as const }));
  await folder.writeSummary({ ...fullSummary, run, outcome, nodeRows });
  return folder;
}

const open = (name: string | undefined, force = false): ReturnType<typeof openFigures> =>
  openFigures(name, { root, force });

test('the figures of a run are those of its nodes, merged, with how it is known', async () => {
  const git = { revision: '90be0cb2f8d3a4a7a2c1c2c3c4c5c6c7c8c9c0aa', branch: 'main', dirty: true };
  const host = { name: 'ci-7', system: 'linux 6.1 x64', cpus: 2, memoryBytes: 4 * 1024 ** 3 };
  const metadata = { versions: { loads: '2.0.0', node: '24.21.0' }, host, git };
  await store(NEW, 'passed', {
    labels: { version: '2' },
    metadata,
    plan: { ...plan, target: 'http://me:secret@shop/?key=1' },
  });
  const { figures, notes } = await open(undefined);
  expect(notes).toEqual([]);
  expect(figures).toMatchObject({
    ...{ run: NEW, name: 'shop', outcome: 'passed', labels: { version: '2' }, durationMs: fullSummary.durationMs },
    load: { 'fault web-errors': 'at 12s for 3s: 10:error on web', 'fault slow': 'at 5s for 5s: 20:delay, hang on web' },
    made: {
      scenario: 'shop.ts',
      target: 'http://shop',
      revision: '90be0cb2f8d3 with changes',
      branch: 'main',
      host: 'ci-7',
      loads: '2.0.0',
    },
  });
  expect(figures.parts.map(({ name, phase, count }) => [name, phase, count])).toEqual([
    [undefined, 'steady', 360],
    [undefined, 'chaos', 40],
    ['buy, "now"', 'chaos', 40],
    ['list items', 'steady', 360],
  ]);
  expect(baselineText(figures)).not.toMatch(/secret|key=1/);
});

test('a baseline file stands for its run', async () => {
  await store(NEW, 'passed');
  const { figures } = await open(NEW);
  const file = join(root, 'loads.baseline.json');
  await writeFile(file, baselineText(figures));
  expect(JSON.parse(JSON.stringify((await open(file)).figures))).toEqual(JSON.parse(JSON.stringify(figures)));
  await writeFile(file, '{"version": 1}');
  await expect(open(file)).rejects.toMatchObject({
    code: 'ERR_RUN_DAMAGED',
    message: expect.stringContaining('is no baseline'),
  });
  await expect(open(join(root, 'none.json'))).rejects.toMatchObject({ code: 'ERR_FILE_MISSING', exitCode: 104 });
  await expect(open('none')).rejects.toMatchObject({ code: 'ERR_RUN_UNKNOWN', exitCode: 104 });
});

test('an INVALID run is refused, unless it is wanted; a stopped one is noted', async () => {
  await store(OLD, 'invalid');
  await store(NEW, 'stopped');
  await expect(open(OLD)).rejects.toMatchObject({ code: 'ERR_RUN_INVALID', exitCode: 98 });
  expect((await open(OLD, true)).notes).toEqual([`${OLD} is INVALID`]);
  expect((await open(NEW)).notes).toEqual([`${NEW} was stopped before its end`]);
});

test('a run that is not whole is one clear message, unless what is left is wanted', async () => {
  const folder = await store(NEW, 'passed');
  await truncate(join(folder.nodeDir(2), 'result.json.gz'), 100);
  await expect(open(NEW)).rejects.toMatchObject({
    ...{
      code: 'ERR_RUN_DAMAGED',
      exitCode: 98,
      message: expect.stringMatching(/^run \S+ is not whole: node 2 .*the result of node 2 is damaged$/),
    },
  });
  const { figures, notes } = await open(NEW, true);
  expect(figures.parts[0]?.count).toBe(180);
  expect(notes).toEqual([expect.stringContaining('node 2 has no result that can be read')]);
  await unlink(join(folder.nodeDir(1), 'result.json.gz'));
  await expect(open(NEW, true)).rejects.toMatchObject({ code: 'ERR_RUN_DAMAGED' });
});

test('a trend has the runs of one name, the newest of them, and says what cannot be read', async () => {
  await store('20261118-120000-other-cccc', 'passed', { plan: { ...plan, name: 'other' } });
  await store('20261119-120000-shop-dddd', 'passed');
  await store(OLD, 'passed');
  const folder = await store(NEW, 'failed', { labels: { search: 'wide' } });
  await store('20261122-120000-shop-eeee', 'passed', { labels: { matrix: '20261122-110000-shop-ffff' } });
  const { trend, notes } = await readTrend({ root, name: undefined, last: 2, tolerance: TOLERANCE, labels: [] });
  const leftOut =
    '1 run of a search, a matrix or a sizing is left out: `--label search`, `matrix` or `sizing` shows them';
  expect(notes).toEqual([leftOut]);
  expect(trend.points.map(({ run, outcome, against, change }) => [run, outcome, against, change])).toEqual([
    [OLD, 'passed', undefined, undefined],
    [NEW, 'failed', OLD, 'same'],
  ]);
  expect(
    (await readTrend({ root, name: 'other', last: 9, tolerance: TOLERANCE, labels: [] })).trend.points,
  ).toHaveLength(1);
  await writeFile(join(folder.path, 'run.json'), '{');
  const rest = await readTrend({ root, name: 'shop', last: 9, tolerance: TOLERANCE, labels: [] });
  expect(rest.trend.points.map(({ run }) => run)).toEqual(['20261119-120000-shop-dddd', OLD]);
  expect(rest.notes).toEqual([leftOut, `1 of the runs below ${root} cannot be read`]);
  await expect(readTrend({ root, name: 'none', last: 9, tolerance: TOLERANCE, labels: [] })).rejects.toMatchObject({
    ...{ code: 'ERR_RUN_UNKNOWN', hint: 'there are runs of other, shop' },
  });
});

test('a trend of a label has the runs that carry it, trials only where their kind is asked for', async () => {
  const search = '20261120-110000-shop-ffff';
  await store(OLD, 'passed', { labels: { version: '2' } });
  await store(NEW, 'passed', { labels: { version: '2', search } });
  const trend = async (...labels: readonly LabelFilter[]): Promise<readonly string[]> => {
    const found = await readTrend({ root, name: undefined, last: 9, tolerance: TOLERANCE, labels });
    return found.trend.points.map(({ run }) => run);
  };
  expect(await trend({ name: 'version', value: '2' })).toEqual([OLD]);
  expect(await trend({ name: 'search' })).toEqual([NEW]);
  expect(await trend({ name: 'search', value: search }, { name: 'version' })).toEqual([NEW]);
  await expect(trend({ name: 'version', value: '3' })).rejects.toMatchObject({
    message: `there is no run with the label version=3 below ${root}`,
  });
});

test('a side is one run, several with commas between, or those with a label that are no trials', async () => {
  const third = '20261122-120000-shop-eeee';
  await store(OLD, 'passed', { labels: { version: '1' } });
  await store(NEW, 'stopped', { labels: { version: '2' } });
  await store(third, 'passed', { labels: { version: '2' } });
  await store('20261123-120000-shop-ffff', 'passed', {
    labels: { version: '2', search: '20261123-110000-shop-abcd' },
  });
  const side = async (text?: string) => await openSide(text, { root, force: false });
  const runs = async (text?: string): Promise<readonly string[]> => (await side(text)).runs.map(({ run }) => run);
  expect(await runs()).toEqual([third]);
  expect(await runs(`${OLD}, 20261122`)).toEqual([OLD, third]);
  // The same run twice is one.
  expect(await runs(`version=2,${third}`)).toEqual([NEW, third]);
  const [a, b] = [await side(`${OLD},${NEW}`), await side('version=2')];
  expect([...b.notes, ...notesOfSides(a, b)]).toEqual([
    `${NEW} was stopped before its end`,
    `on both sides: ${NEW}`,
    'A is 2 runs, B 2 runs: a difference has to be certain between runs, too',
  ]);
  expect(notesOfSides(await side(OLD), await side(third))).toEqual([]);
  await expect(side('version=3')).rejects.toThrow(`no run below ${root} has the label version=3`);
  await expect(side(',')).rejects.toThrow("',' names no run");
});

import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fullSummary } from '../console/full-summary.test.fixture.ts';
import { plan } from '../console/plan.test.fixture.ts';
import { RunFolder, type RunRecord } from './run-folder.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'loads-runs-'));
});
afterEach(() => rm(root, { recursive: true }));

const OLD = '20261120-120000-shop-aaaa';
const NEW = '20261121-120000-shop-bbbb';

function record(run: string): RunRecord {
  const judging = { tolerateLostNodes: true, failAt: 3 };
  return { version: 1, run, plan, launcher: 'process', createdAt: '2026-11-21T12:00:00.000Z', judging };
}

test('a run has a folder with its record and one for each node, and is read as it was written', async () => {
  const made = await RunFolder.create(root, record(NEW));
  expect((await readdir(made.path)).toSorted()).toEqual(['nodes', 'run.json']);
  expect((await readdir(join(made.path, 'nodes'))).toSorted()).toEqual(['1', '2']);
  expect(made.nodeDir(2)).toBe(join(root, NEW, 'nodes', '2'));
  const opened = await RunFolder.open(root, NEW);
  expect(opened.record).toEqual(JSON.parse(JSON.stringify(record(NEW))));
  expect(opened.path).toBe(made.path);
});

test('a run is found by its id, the beginning of its id, or as the newest', async () => {
  for (const run of [NEW, OLD]) await RunFolder.create(root, record(run));
  // What else lies there is no run.
  await mkdir(join(root, 'notes'));
  await writeFile(join(root, 'zzz.txt'), '');
  const runOf = async (name?: string): Promise<string> => (await RunFolder.open(root, name)).record.run;
  expect(await runOf(OLD)).toBe(OLD);
  expect(await runOf('20261120')).toBe(OLD);
  expect(await runOf()).toBe(NEW);
});

test('an id that is the beginning of another one is meant itself', async () => {
  for (const run of [NEW, `${NEW}-0000`]) await RunFolder.create(root, record(run));
  expect((await RunFolder.open(root, NEW)).record.run).toBe(NEW);
});

test('a run that was moved is found by its path', async () => {
  await RunFolder.create(root, record(NEW));
  const moved = join(root, 'elsewhere');
  await rename(join(root, NEW), moved);
  const opened = await RunFolder.open(join(root, 'none'), moved);
  expect(opened.record.run).toBe(NEW);
  expect(opened.nodeDir(1)).toBe(join(moved, 'nodes', '1'));
});

test('a name that is none or several is told', async () => {
  await expect(RunFolder.open(join(root, 'none'), undefined)).rejects.toMatchObject({
    ...{ code: 'ERR_RUN_UNKNOWN', message: `there is no run below ${join(root, 'none')}` },
  });
  for (const run of [NEW, OLD]) await RunFolder.create(root, record(run));
  await expect(RunFolder.open(root, 'zzz')).rejects.toMatchObject({
    ...{ code: 'ERR_RUN_UNKNOWN', message: "there is no run 'zzz'" },
  });
  await expect(RunFolder.open(root, '202611')).rejects.toMatchObject({
    ...{ code: 'ERR_RUN_UNKNOWN', message: "'202611' begins the names of 2 runs", hint: `such as ${OLD}, ${NEW}` },
  });
});

test.each([
  ['{"version": 1, "ru', 'run.json cannot be read'],
  ['null', 'has no record of a run in run.json'],
  ['{"version": 1}', 'has no record of a run in run.json'],
  [JSON.stringify({ ...record(NEW), version: 2 }), 'was made by another version of loads'],
])('a damaged record is told: %s', async (text, message) => {
  const { path } = await RunFolder.create(root, record(NEW));
  await writeFile(join(path, 'run.json'), text);
  await expect(RunFolder.open(root, NEW)).rejects.toMatchObject({
    ...{ code: 'ERR_RUN_DAMAGED', exitCode: 98, message: expect.stringContaining(message) },
  });
});

test('a record is one only with all that readers of a run rely on', async () => {
  const { path } = await RunFolder.create(root, record(NEW));
  const whole = JSON.parse(await readFile(join(path, 'run.json'), 'utf8')) as { plan: Record<string, unknown> };
  for (const key of Object.keys(whole.plan)) {
    await writeFile(join(path, 'run.json'), JSON.stringify({ ...whole, plan: { ...whole.plan, [key]: null } }));
    const opened = RunFolder.open(root, NEW).then(
      () => 'opened',
      (error: unknown) => error,
    );
    // Without a duration a run ends by itself.
    if (key === 'durationMs') expect(await opened).toBe('opened');
    else expect(await opened, key).toMatchObject({ code: 'ERR_RUN_DAMAGED' });
  }
});

test('a folder that is called like a run is one, whatever is left in it', async () => {
  await mkdir(join(root, 'kept', NEW), { recursive: true });
  expect(await RunFolder.locate(join(root, 'none'), join(root, 'kept', NEW))).toBe(join(root, 'kept', NEW));
  await expect(RunFolder.locate(root, join(root, 'kept'))).rejects.toMatchObject({ code: 'ERR_RUN_UNKNOWN' });
});

test('a run without a record is damaged, not unknown', async () => {
  await mkdir(join(root, NEW));
  await expect(RunFolder.open(root, undefined)).rejects.toMatchObject({ code: 'ERR_RUN_DAMAGED' });
});

test('the summary is stored whole, and again over itself', async () => {
  const folder = await RunFolder.create(root, record(NEW));
  await folder.writeSummary({ ...fullSummary, seed: 1 });
  const path = await folder.writeSummary(fullSummary);
  expect(path).toBe(join(folder.path, 'summary.json'));
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(fullSummary);
  expect((await readdir(folder.path)).toSorted()).toEqual(['nodes', 'run.json', 'summary.json']);
});

test('where nothing can be written, the user is told so', async () => {
  const file = join(root, 'file');
  await writeFile(file, '');
  await expect(RunFolder.create(file, record(NEW))).rejects.toMatchObject({ code: 'ERR_USAGE', exitCode: 104 });
});

import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fullSummary } from '../console/full-summary.test.fixture.ts';
import { plan } from '../console/plan.test.fixture.ts';
import { identify } from '../launch/process-identity.ts';
import { listRuns } from './list-runs.ts';
import { livingOf } from './living.ts';
import { removeRunFolder } from './remove-run.ts';
import { RunFolder, type RunRecord } from './run-folder.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'loads-runs-'));
});
afterEach(() => rm(root, { recursive: true }));

const NAMES = ['a', 'b', 'c', 'd', 'e'].map((name, i) => `2026112${i}-120000-${name}-0000`);
const [JUDGED = '', OPEN = '', HALF = '', EMPTY = '', WORKING = ''] = NAMES;

function record(run: string): RunRecord {
  const judging = { tolerateLostNodes: true };
  return { version: 1, run, plan, launcher: 'process', createdAt: '2026-11-21T12:00:00.000Z', judging };
}

test('every run is listed, the newest first, with what is known of it', async () => {
  expect(await listRuns(root)).toEqual([]);
  const judged = await RunFolder.create(root, record(JUDGED));
  await judged.writeSummary(fullSummary);
  await RunFolder.create(root, record(OPEN));
  const half = await RunFolder.create(root, record(HALF));
  await writeFile(join(half.path, 'summary.json'), '{"version":1,');
  await mkdir(join(root, EMPTY));
  const owner = await identify(process.pid);
  await RunFolder.create(root, { ...record(WORKING), owner });
  await mkdir(join(root, `${JUDGED}.removed`));
  const createdAtMs = Date.parse('2026-11-21T12:00:00Z');
  expect(await listRuns(root)).toMatchObject([
    { run: WORKING, state: 'working', createdAtMs },
    {
      run: EMPTY,
      state: 'damaged',
      problem: `${EMPTY}: run.json cannot be read`,
      createdAtMs: Date.parse('2026-11-23T12:00:00Z'),
    },
    { run: HALF, state: 'damaged', problem: 'summary.json is damaged' },
    { run: OPEN, state: 'ended' },
    { run: JUDGED, state: 'ended', outcome: 'failed', createdAtMs },
  ]);
  expect((await listRuns(root)).find(({ run }) => run === OPEN)?.outcome).toBeUndefined();
});

test('only what nobody works on is removed, and then all of it', async () => {
  const owner = await identify(process.pid);
  const working = await RunFolder.create(root, { ...record(WORKING), owner });
  await expect(removeRunFolder({ path: working.path, force: false })).rejects.toMatchObject({
    ...{ code: 'ERR_USAGE', message: `run ${WORKING} still works` },
  });
  const judged = await RunFolder.create(root, record(JUDGED));
  expect(await removeRunFolder({ path: judged.path, force: false })).toBe(JUDGED);
  expect((await listRuns(root)).map(({ run }) => run)).toEqual([WORKING]);
});

test('a node lives while one of its processes does, however damaged the rest is', async () => {
  const { path, nodeDir } = await RunFolder.create(root, record(OPEN)).then((folder) => {
    return { path: folder.path, nodeDir: (node: number) => folder.nodeDir(node) };
  });
  const self = await identify(process.pid);
  await writeFile(join(nodeDir(1), 'processes.json'), JSON.stringify({ sidecar: self }));
  await writeFile(join(nodeDir(2), 'processes.json'), JSON.stringify({ sidecar: { pid: -1 } }));
  await writeFile(join(path, 'run.json'), '{"owner":');
  expect(await livingOf(path)).toEqual({ nodes: [self], owner: undefined });
  // The same folder after another boot, or on another machine: pids mean nothing there.
  await cp(path, join(root, HALF), { recursive: true });
  await writeFile(
    join(root, HALF, 'nodes/1/processes.json'),
    JSON.stringify({ sidecar: { ...self, boot: 'another' } }),
  );
  expect((await livingOf(join(root, HALF))).nodes).toEqual([]);
});

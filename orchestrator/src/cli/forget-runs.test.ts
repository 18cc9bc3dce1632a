import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { plan } from '../console/plan.test.fixture.ts';
import { identify } from '../launch/process-identity.ts';
import { RunFolder, type RunRecord } from '../store/run-folder.ts';
import { keepReport } from '../study/report-files.ts';
import { forgetRuns } from './forget-runs.ts';

let home = '';
let root = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'loads-forget-'));
  root = join(home, 'runs');
});
afterEach(() => rm(home, { recursive: true }));

const NONE: ReadonlySet<string> = new Set();

async function makeRun(hour: number, name: string, more: Partial<RunRecord> = {}): Promise<string> {
  const run = idOf(hour, name);
  const judging = { tolerateLostNodes: true };
  const createdAt = '2026-11-21T12:00:00.000Z';
  await RunFolder.create(root, { version: 1, run, plan, launcher: 'process', createdAt, judging, ...more });
  return run;
}

function idOf(hour: number, name: string): string {
  return `20261121-${hour}0000-${name}-0000`;
}

async function makeMatrix(hour: number): Promise<string> {
  const matrix = idOf(hour, 'matrix');
  await makeRun(hour, 'first', { labels: { matrix } });
  await makeRun(hour, 'second', { labels: { matrix } });
  await keepReport(root, { kind: 'matrix', id: matrix }, {});
  return matrix;
}

async function forget(newest: number, dryRun = false, working = NONE): Promise<readonly string[]> {
  const told: string[] = [];
  const terminal = {
    result: (lines: readonly string[]) => void told.push(...lines),
    warn: (text: string) => void told.push(text),
  };
  const gone = await forgetRuns(root, { newest, dryRun, working }, terminal);
  expect(gone).toBe(told.length);
  return told;
}

test('so many runs and so many of each kind of several runs stay, these with all of their runs', async () => {
  const old = await makeRun(10, 'shop');
  const [first, second] = [await makeMatrix(11), await makeMatrix(12)];
  await makeRun(13, 'shop');
  const search = idOf(14, 'search');
  // Never finished: there is no report of it.
  const trial = await makeRun(15, 'trial', { labels: { search } });
  expect(await forget(1, true)).toEqual([`would remove ${old}`, `would remove matrix ${first} with 2 runs`]);
  expect(await forget(1)).toEqual([`removed ${old}`, `removed matrix ${first} with 2 runs`]);
  expect(await readdir(root)).toEqual([idOf(12, 'first'), idOf(12, 'second'), idOf(13, 'shop'), trial]);
  expect(await readdir(join(home, 'matrices'))).toEqual([`${second}.json`]);
  expect(await forget(1)).toEqual([]);
  expect(await forget(0)).toEqual([
    `removed ${idOf(13, 'shop')}`,
    `removed matrix ${second} with 2 runs`,
    `removed search ${search} with 1 run`,
  ]);
  expect(await readdir(root)).toEqual([]);
});

test('what works neither goes nor counts, in a process or in containers', async () => {
  const owner = await identify(process.pid);
  const sizing = idOf(10, 'sizing');
  await makeRun(10, 'trial', { labels: { sizing }, owner });
  const search = idOf(11, 'search');
  const contained = await makeRun(11, 'trial', { labels: { search } });
  await makeRun(12, 'shop', { owner });
  expect(await forget(0, false, new Set([contained]))).toEqual([]);
  expect(await readdir(root)).toHaveLength(3);
});

import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NODE_FILES, type RunPlan } from '@loads/core';
import { expect, test } from 'vitest';
import { plan as planned } from '../console/plan.test.fixture.ts';
import { FolderNodes } from '../launch/folder-nodes.ts';
import type { NodeGroup } from '../launch/launcher.ts';
import { RunFolder } from '../store/run-folder.ts';
import { workersOf } from './scale-run.ts';

/** A run in a folder whose nodes are said to be alive, or not. */
async function look(
  change: Partial<RunPlan>,
  { alive = true, files = {} }: { alive?: boolean; files?: Record<string, unknown> },
): Promise<unknown> {
  await using root = await mkdtempDisposable(join(tmpdir(), 'loads-scale-'));
  const plan = { ...planned, nodes: 1, workers: 4, durationMs: 10_000, ...change };
  const record = { version: 1, run: 'r1', plan, launcher: 'process', createdAt: '', judging: JUDGING } as const;
  const folder = await RunFolder.create(root.path, record);
  for (const [name, content] of Object.entries(files))
    await writeFile(join(folder.nodeDir(1), name), JSON.stringify(content));
  const stored = new FolderNodes(folder);
  const nodes = { look: async () => (await stored.look()).map((one) => ({ ...one, sidecar: alive })) };
  return await workersOf({ run: 'r1', plan, nodes: nodes as unknown as NodeGroup }, 5000);
}

const JUDGING = { tolerateLostNodes: false };
const begun = { [NODE_FILES.start]: { atMs: 1000 } };

test('a run is to have what its plan says, or what was set last', async () => {
  expect(await look({}, { files: begun })).toEqual({ wanted: 4, atWork: 0 });
  const files = { ...begun, [NODE_FILES.scale]: { workers: 9 }, [NODE_FILES.live]: { workers: 7 } };
  expect(await look({}, { files })).toEqual({ wanted: 9, atWork: 7 });
});

test.each<[string, Partial<RunPlan>, Parameters<typeof look>[1], string]>([
  [
    'of another model',
    { load: [{ atMs: 0, durationMs: null, model: { kind: 'once', workers: 1 } }] },
    { files: begun },
    'the number of workers of r1 cannot be set: every scenario is run once',
  ],
  ['that has ended', {}, { alive: false, files: begun }, 'r1 has ended'],
  ['that has not begun', {}, {}, 'r1 has not begun yet'],
  ['whose start is still to come', {}, { files: { [NODE_FILES.start]: { atMs: 6000 } } }, 'r1 has not begun yet'],
  ['at its end', { durationMs: 4000 }, { files: begun }, 'r1 is at its end: no further iteration begins'],
])('a run %s is refused', async (_, change, nodes, message) => {
  await expect(look(change, nodes)).rejects.toMatchObject({ code: 'ERR_USAGE', message });
});

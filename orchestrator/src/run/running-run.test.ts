import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  emptyAggregate,
  Histogram,
  type LiveState,
  NODE_FILES,
  type NodeStop,
  observe,
  parseThreshold,
  type SeriesJson,
  seriesToJson,
} from '@loads/core';
import { expect, test } from 'vitest';
import { plan } from '../console/plan.test.fixture.ts';
import type { NodeGroup, NodeView } from '../launch/launcher.ts';
import { RunFolder } from '../store/run-folder.ts';
import { RunningRun } from './running-run.ts';

/** What a node has said, or nothing, and whether it lives. */
type Said = { readonly lives: boolean; readonly failed?: number };

/** Nodes that say the same at every look, up to `looks` of them or until they are told to stop. */
class SilentNodes implements NodeGroup {
  readonly pollMs = 0;
  readonly headStartMs = 0;
  readonly #nodes: readonly Said[];
  #looks: number;
  stopped: NodeStop | undefined;

  constructor(nodes: readonly Said[], looks: number) {
    this.#nodes = nodes;
    this.#looks = looks;
  }

  async look(): Promise<readonly NodeView[]> {
    this.#looks -= 1;
    const over = this.stopped !== undefined || this.#looks < 0;
    return this.#nodes.map(({ lives, failed }, i) => ({
      node: i + 1,
      sidecar: lives && !over,
      scenario: lives && !over,
      read: async (name) => {
        if (name !== NODE_FILES.live || failed === undefined) return undefined;
        return new TextEncoder().encode(JSON.stringify(live(i + 1, failed)));
      },
    }));
  }

  async stop(stop: NodeStop): Promise<void> {
    this.stopped = stop;
  }

  async write(): Promise<void> {}
  async begin(): Promise<void> {}
  async kill(): Promise<void> {}
  async collect(): Promise<ReadonlyMap<number, string>> {
    return new Map();
  }
  async remove(): Promise<undefined> {
    return undefined;
  }
}

function live(node: number, failed: number): LiveState {
  const aggregate = emptyAggregate('rate');
  observe(aggregate, { value: 1, weight: failed }, 0);
  observe(aggregate, { value: 0, weight: 10 - failed }, 0);
  const series: readonly SeriesJson[] = seriesToJson([{ metric: 'http_req_failed', tags: {}, aggregate }]);
  const zeros = { atMs: 0, requests: 10, failed, iterations: 0, iterationsFailed: 0, samples: 10, faults: 0 };
  return { node, ...zeros, activeFaults: [], durations: new Histogram().toJSON(), series };
}

test.each<[string, readonly Said[], number | undefined]>([
  [
    'one node fails more than may be',
    [
      { lives: true, failed: 9 },
      { lives: true, failed: 1 },
    ],
    0.5,
  ],
  [
    'over all nodes it holds',
    [
      { lives: true, failed: 9 },
      { lives: true, failed: 0 },
    ],
    undefined,
  ],
  ['a node that lives has not spoken', [{ lives: true, failed: 9 }, { lives: true }], undefined],
  ['a node was lost before it spoke', [{ lives: true, failed: 9 }, { lives: false }], 0.9],
  [
    'a node was lost afterwards',
    [
      { lives: true, failed: 9 },
      { lives: false, failed: 1 },
    ],
    0.5,
  ],
])('abortOnFail: %s', async (_, said, actual) => {
  await using root = await mkdtempDisposable(join(tmpdir(), 'loads-running-'));
  const threshold = { ...parseThreshold('http_req_failed', 'rate<0.5'), abortOnFail: true };
  const folder = await RunFolder.create(root.path, {
    ...{ version: 1, run: 'r', launcher: 'process', createdAt: '', judging: { tolerateLostNodes: true } },
    plan: { ...plan, thresholds: [threshold] },
  });
  const nodes = new SilentNodes(said, 3);
  await new RunningRun(folder, nodes, Date.now()).finish(() => undefined);
  expect(nodes.stopped?.abort?.actual).toBe(actual);
  if (actual !== undefined) expect(nodes.stopped).toMatchObject({ graceful: true, because: 'threshold' });
});

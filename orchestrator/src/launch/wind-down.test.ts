import type { NodeStop } from '@loads/core';
import { expect, test } from 'vitest';
import type { NodeGroup } from './launcher.ts';
import { notBegun, windDown } from './wind-down.ts';

const STOP: NodeStop = { graceful: true };

/** Two nodes of which the sidecars, and the scenarios, that live are as a test says at each look. */
function stand(looks: readonly (readonly [sidecars: readonly number[], scenarios: readonly number[]])[]) {
  const did: string[] = [];
  let look = 0;
  const nodes: NodeGroup = {
    pollMs: 1,
    headStartMs: 0,
    async look() {
      const [sidecars, scenarios] = looks[Math.min(look++, looks.length - 1)] ?? [[], []];
      const read = (): Promise<undefined> => Promise.resolve(undefined);
      return [1, 2].map((node) => ({
        node,
        sidecar: sidecars.includes(node),
        scenario: scenarios.includes(node),
        read,
      }));
    },
    write: () => Promise.resolve(),
    begin: () => Promise.resolve(),
    stop: async (stop) => void did.push(`stop ${JSON.stringify(stop)}`),
    kill: async () => void did.push(`kill after ${look}`),
    collect: () => Promise.resolve(new Map()),
    remove: () => Promise.resolve(undefined),
  };
  return { nodes, did };
}

test('nodes are told to stop once, and waited for until they have ended', async () => {
  const { nodes, did } = stand([
    [
      [1, 2],
      [1, 2],
    ],
    [
      [1, 2],
      [1, 2],
    ],
    [[1], [1]],
    [[], []],
  ]);
  expect(await windDown(nodes, { stop: STOP, gracefulStopMs: 60_000 })).toEqual([]);
  expect(did).toEqual(['stop {"graceful":true}', 'kill after 4']);
});

test('nodes that have ended are told nothing', async () => {
  const { nodes, did } = stand([[[], []]]);
  expect(await windDown(nodes, { stop: STOP, gracefulStopMs: 60_000 })).toEqual([]);
  expect(did).toEqual(['kill after 1']);
});

test('the wish to end at once kills what lives, also while it is waited for', async () => {
  const { nodes, did } = stand([[[2], [2]]]);
  const atOnce = new AbortController();
  const wished = { ...nodes, stop: async () => void setImmediate(() => atOnce.abort()) };
  const setting = { stop: STOP, gracefulStopMs: 60_000, atOnce: atOnce.signal };
  expect(await windDown(wished, setting)).toEqual([2]);
  expect(await windDown(nodes, setting)).toEqual([2]);
  expect(did).toEqual([expect.stringMatching(/^kill/), expect.stringMatching(/^kill/)]);
});

test('nodes that cannot be told are killed', async () => {
  const { nodes, did } = stand([[[1, 2], []]]);
  const full = { ...nodes, stop: () => Promise.reject(new Error('ENOSPC')) };
  expect(await windDown(full, { stop: STOP, gracefulStopMs: 60_000 })).toEqual([1, 2]);
  expect(did).toEqual(['kill after 1']);
});

test('a stop says whether it was the wish of the user', () => {
  const wish = new AbortController();
  expect(notBegun(wish.signal)).toEqual({ graceful: true, because: 'failure' });
  wish.abort();
  expect(notBegun(wish.signal)).toEqual({ graceful: true });
});

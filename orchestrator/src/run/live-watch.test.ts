import { Histogram, type LiveState } from '@loads/core';
import { expect, test } from 'vitest';
import type { NodeView } from '../launch/launcher.ts';
import { LiveWatch } from './live-watch.ts';

function view(node: number, content: string | undefined): NodeView {
  return {
    node,
    sidecar: true,
    scenario: true,
    read: async () => content && new TextEncoder().encode(content),
  } as NodeView;
}

function stateOf(node: number, requests: number): string {
  const state: LiveState = {
    ...{
      node,
      atMs: 0,
      requests,
      failed: 0,
      iterations: 0,
      iterationsFailed: 0,
      samples: 0,
      faults: 0,
      activeFaults: [],
    },
    durations: new Histogram().toJSON(),
  };
  return JSON.stringify(state);
}

test('nodes are added up, and what has not changed is not read again', async () => {
  const watch = new LiveWatch();
  expect(await watch.totals([view(1, undefined)])).toBeUndefined();
  const totals = await watch.totals([view(1, stateOf(1, 10)), view(2, stateOf(2, 5))]);
  expect(totals).toMatchObject({ requests: 15 });
  expect(await watch.totals([view(1, stateOf(1, 10)), view(2, stateOf(2, 5))])).toBe(totals);
  expect(await watch.totals([view(1, stateOf(1, 20)), view(2, stateOf(2, 5))])).toMatchObject({ requests: 25 });
});

test('a state that cannot be read counts as the one before', async () => {
  const watch = new LiveWatch();
  await watch.totals([view(1, stateOf(1, 10)), view(2, stateOf(2, 5))]);
  expect(await watch.totals([view(1, '{'), view(2, stateOf(2, 6))])).toMatchObject({ requests: 16 });
});

import { NODE_FILES, type SidecarMessage } from '@loads/core';
import { expect, test } from 'vitest';
import { RunControl } from './run-control.ts';

/** A control over files that are objects here, and all that it said. */
function stand(): { control: RunControl; files: Map<string, unknown>; said: unknown[]; stop: AbortController } {
  const files = new Map<string, unknown>();
  const said: unknown[] = [];
  const stop = new AbortController();
  let nowMs = 100;
  const control = new RunControl({
    files: { read: async <Content>(name: string) => files.get(name) as Content | undefined },
    link: { send: (message: SidecarMessage) => said.push(message) },
    events: {
      stopped: (atMs, graceful) => said.push(['stopped', atMs, graceful]),
      scaled: (atMs, workers) => said.push(['scaled', atMs, workers]),
    },
    clock: { now: () => ++nowMs, elapsed: (atMs = 0) => atMs - 50 },
    signal: stop.signal,
  });
  return { control, files, said, stop };
}

test('a number of workers is passed on once, and noted with its instant', async () => {
  const { control, files, said } = stand();
  await control.heed();
  expect(said).toEqual([]);
  files.set(NODE_FILES.scale, { workers: 8 });
  await control.heed();
  await control.heed();
  files.set(NODE_FILES.scale, { workers: 0 });
  await control.heed();
  expect(said).toEqual([
    { type: 'scale', workers: 8 },
    ['scaled', 101, 8],
    { type: 'scale', workers: 0 },
    ['scaled', 102, 0],
  ]);
  expect(control.scalings).toEqual([
    { atMs: 51, workers: 8 },
    { atMs: 52, workers: 0 },
  ]);
});

test('a stop is passed on, and again when it is to be at once; nothing is scaled after it', async () => {
  const { control, files, said, stop } = stand();
  files.set(NODE_FILES.stop, { graceful: true });
  files.set(NODE_FILES.scale, { workers: 8 });
  await control.heed();
  await control.heed();
  stop.abort();
  await control.heed();
  expect(said).toEqual([
    { type: 'stop', graceful: true },
    ['stopped', 101, true],
    { type: 'stop', graceful: false },
    ['stopped', 102, false],
  ]);
});

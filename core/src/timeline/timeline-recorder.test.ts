import { expect, test } from 'vitest';
import { windowOf } from './timeline.test.fixture.ts';
import { MOST_NAMES } from './timeline.ts';
import { TimelineRecorder } from './timeline-recorder.ts';

test('each window is in the step in which it began, with steps between that are empty', () => {
  const recorder = new TimelineRecorder();
  recorder.add(windowOf('GET /', [10, 20], 1), 0);
  recorder.add(windowOf('GET /', [30]), 2000);
  recorder.add(windowOf('POST /', [40]), 2900);
  const { total, requests, load } = recorder.timeline([]);
  expect(total).toMatchObject({
    name: '(all)',
    stepMs: 1000,
    count: [2, 0, 2],
    failed: [1, 0, 0],
    bytes: [200, 0, 200],
  });
  expect(total.latencies.map((one) => one.length)).toEqual([4, 0, 4]);
  expect(requests.map(({ name, count }) => [name, count])).toEqual([
    ['GET /', [2, 0, 1]],
    ['POST /', [0, 0, 1]],
  ]);
  expect(load).toMatchObject({ iterations: [1, 0, 2], workerSeconds: [4, 0, 8], cpu: [0.2, null, 0.1] });
});

test('what setup and teardown did is no part of it', () => {
  const recorder = new TimelineRecorder();
  for (const phase of ['setup', 'teardown']) {
    recorder.add(
      windowOf('GET /', [10]).map((one) => ({ ...one, tags: { ...one.tags, phase } })),
      0,
    );
  }
  expect(recorder.timeline([])).toMatchObject({ total: { count: [0] }, requests: [], load: { iterations: [0] } });
});

test('names beyond the limit are one, and what was given out does not change', () => {
  const recorder = new TimelineRecorder();
  for (let i = 0; i < MOST_NAMES + 5; i++) recorder.add(windowOf(`item ${i}`, [1]), 0);
  const before = recorder.timeline([]);
  const shown = structuredClone(before);
  recorder.add(windowOf('item 1', [1]), 0);
  expect(before).toEqual(shown);
  expect(before.requests).toHaveLength(MOST_NAMES + 1);
  expect(before.requests.find(({ name }) => name === '(other)')?.count).toEqual([5]);
  expect(before.total.count).toEqual([MOST_NAMES + 5]);
});

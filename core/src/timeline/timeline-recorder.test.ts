import { expect, test } from 'vitest';
import { latencyCount } from './latencies.ts';
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

test('a protocol alone is the whole run, and says which it is', () => {
  const recorder = new TimelineRecorder();
  recorder.add(windowOf('chat', [10, 20], 1, 'ws'), 1000);
  const { total, protocols, requests } = recorder.timeline([]);
  expect(total).toMatchObject({ name: '(all)', protocol: 'ws', count: [0, 2], failed: [0, 1], bytes: [0, 200] });
  expect(requests).toMatchObject([{ name: 'chat', protocol: 'ws', count: [0, 2] }]);
  expect([total.latencies[1]?.length, protocols]).toEqual([4, []]);
});

test('several protocols are apart and together, and one name of two is two; only calls are in the latencies of all', () => {
  const recorder = new TimelineRecorder();
  recorder.add(windowOf('cart', [500, 500], 0, 'tcp'), 0);
  expect(recorder.timeline([]).total.latencies.map(latencyCount)).toEqual([2]);
  recorder.add(windowOf('cart', [10]), 1000);
  recorder.add(windowOf('cart', [20, 20, 20], 1, 'grpc'), 2000);
  const { total, protocols, requests } = recorder.timeline([]);
  expect(total).toMatchObject({ count: [2, 1, 3], failed: [0, 0, 1], bytes: [200, 100, 300] });
  expect(total).not.toHaveProperty('protocol');
  expect(total.latencies.map(latencyCount)).toEqual([0, 1, 3]);
  expect(protocols.map(({ name, protocol, count }) => [name, protocol, count])).toEqual([
    ['(all)', 'http', [0, 1, 0]],
    ['(all)', 'grpc', [0, 0, 3]],
    ['(all)', 'tcp', [2, 0, 0]],
  ]);
  expect(requests.map(({ name, protocol }) => [name, protocol])).toEqual([
    ['cart', 'http'],
    ['cart', 'grpc'],
    ['cart', 'tcp'],
  ]);
});

test('a connection counts when it has ended; its answers and bytes are in the steps in which they came', () => {
  const recorder = new TimelineRecorder();
  const window = windowOf('chat', [5], 0, 'ws');
  const of = (...metrics: readonly string[]): typeof window => window.filter(({ metric }) => metrics.includes(metric));
  recorder.add(of('ws_sessions'), 0);
  recorder.add(of('data_received'), 1000);
  recorder.add(of('ws_waiting'), 2000);
  recorder.add(of('ws_session_failed'), 3000);
  const { total } = recorder.timeline([]);
  expect(total).toMatchObject({ protocol: 'ws', count: [0, 0, 0, 1], bytes: [0, 100, 0, 0] });
  expect(total.latencies.map(latencyCount)).toEqual([0, 0, 1, 0]);
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

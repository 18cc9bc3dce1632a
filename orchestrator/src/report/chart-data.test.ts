import { type Timeline, TimelineRecorder } from '@loads/core';
import { expect, test } from 'vitest';
import { bandsOf, reportData } from './chart-data.ts';
import { reportOfSeconds, withWebSocket } from './report.test.fixture.ts';

const report = reportOfSeconds(10, (second) => ({
  ms: second === 5 ? [20, 700] : [10, 20],
  failed: second === 5 ? 1 : 0,
}));

function emptyTimelineOf(seconds: number): Timeline {
  const recorder = new TimelineRecorder();
  for (let i = 0; i < seconds; i++) recorder.add([], i * 1000);
  return recorder.timeline([]);
}

test('requests are per second and split into good and failed; latencies are percentiles over all nodes', () => {
  const data = reportData(report);
  expect(data?.endS).toBe(10);
  expect(data?.tracks.map(({ ok }) => ok)).toEqual([
    [4, 4, 4, 4, 4, 2, 4, 4, 4, 4],
    [4, 4, 4, 4, 4, 2, 4, 4, 4, 4],
  ]);
  expect(data?.tracks[0]?.ko[5]).toBe(2);
  const p99 = data?.tracks[0]?.p99[5] ?? 0;
  expect(Math.abs(p99 - 700)).toBeLessThan(700 * 0.016);
});

test('protocols are apart where there are several; what was answered on connections is a rate of its own', () => {
  const [total, http, ws, ...names] = reportData(withWebSocket(report))?.tracks ?? [];
  expect([total, http, ws, ...names].map((track) => track?.protocol)).toEqual([undefined, 'http', 'ws', 'http', 'ws']);
  expect([total?.ko.at(-1), http?.ko.at(-1), ws?.ko.at(-1)]).toEqual([1, 0, 1]);
  expect([total?.p95, total?.answers, http?.answers]).toEqual([http?.p95, undefined, undefined]);
  expect(ws).toMatchObject({ ok: new Array(10).fill(0), answers: new Array(10).fill(2) });
  expect(Math.abs((ws?.p95[0] ?? 0) - 5)).toBeLessThan(5 * 0.016);
});

test('a run of connections alone has its answers in the charts of all requests', () => {
  const { tracks } = reportData(withWebSocket({ ...report, timeline: emptyTimelineOf(10) })) ?? { tracks: [] };
  expect(tracks).toMatchObject([
    { name: '(all)', protocol: 'ws', answers: new Array(10).fill(2) },
    { name: 'chat', protocol: 'ws', answers: new Array(10).fill(2) },
  ]);
});

test('faults are bands as they really were, and recovery is a band behind them', () => {
  expect(reportData(report)?.bands).toMatchObject([
    { kind: 'recovery', fromS: 6, toS: 8 },
    { kind: 'fault', fromS: 4.002, toS: 6.001 },
  ]);
  const [window] = report.timeline?.windows ?? [];
  if (!window) throw new Error('there is a window');
  // Nobody saw its end: it ended as planned, for all that is known.
  const [, open] = bandsOf({ windows: [{ ...window, toMs: null }] }, report.record.plan, 10_000);
  expect(open).toMatchObject({ kind: 'fault', fromS: 4.002, toS: 6 });
});

test('a run of many names and hours stays small', () => {
  const { timeline } = report;
  if (!timeline) throw new Error('there is a timeline');
  const [track] = timeline.requests;
  const long = Array.from({ length: 600 }, (_, i) => track?.latencies[i % 10] ?? []);
  const column = long.map(() => 100);
  const requests = Array.from({ length: 50 }, (_, i) => {
    return { name: `name ${i}`, stepMs: 8000, count: column, failed: column, bytes: column, latencies: long };
  });
  const data = reportData({ ...report, timeline: { ...timeline, requests } });
  expect(data?.tracks.slice(1).reduce((sum, { ok }) => sum + ok.length, 0)).toBeLessThanOrEqual(6000);
  expect(data?.tracks[1]).toMatchObject({ stepS: 64 });
});

import { type Histogram as HdrHistogram, HistogramLogReader, listTags } from 'hdr-histogram-js';
import { expect, test } from 'vitest';
import { nodeResult, storedRun, webSocketResult } from '../stored-run.test.fixture.ts';
import { hlogReporter } from './hlog-reporter.ts';

const log = hlogReporter.report(storedRun());

function read(text = log): readonly HdrHistogram[] {
  const reader = new HistogramLogReader(text, 64);
  const found: HdrHistogram[] = [];
  for (let one = reader.nextIntervalHistogram(); one; one = reader.nextIntervalHistogram()) found.push(one);
  return found;
}

test('the whole run is there by phase and name, under tags without commas', () => {
  const whole = read().filter(({ tag }) => tag && tag !== 'NO TAG');
  expect(whole.map(({ tag, totalCount }) => [tag, totalCount])).toEqual([
    ['(all)', 400],
    ['(all){phase:chaos}', 40],
    ['(all){phase:steady}', 360],
    ['buy_"now"', 40],
    ['list_items', 360],
  ]);
  for (const { startTimeStampMsec, maxValue, minNonZeroValue } of whole.slice(0, 1)) {
    expect(startTimeStampMsec).toBeCloseTo(storedRun().summary.startedAtMs ?? 0, -1);
    expect(maxValue / 400e6).toBeCloseTo(1, 2);
    expect(minNonZeroValue / 10e6).toBeCloseTo(1, 2);
  }
});

test('without a tag all requests are there, second by second, in the order of time', () => {
  const steps = read().filter(({ tag }) => !tag || tag === 'NO TAG');
  expect(steps).toHaveLength(20);
  for (const [i, step] of steps.entries()) {
    expect(step.totalCount).toBe(20);
    expect(step.endTimeStampMsec - step.startTimeStampMsec).toBeCloseTo(1000, 0);
    expect(step.startTimeStampMsec - (steps[0]?.startTimeStampMsec ?? 0)).toBeCloseTo(i * 1000, 0);
    // Wider buckets than those of the whole run.
    expect(Math.abs(step.getValueAtPercentile(50) - 10e6)).toBeLessThan(0.02 * 10e6);
  }
});

test('readers find the tags, and lines begin as the format has it', () => {
  expect(listTags(log)).toContain('list_items');
  expect(log.split('\n')[0]).toBe('#[Histogram log format version 1.3]');
  expect(log).toMatch(/\nTag=\(all\),0\.000,20\.174,400\.000,HISTFAAA/);
});

test('several protocols are apart, and waits on connections are not among those of all requests', () => {
  const mixed = hlogReporter.report(storedRun({}, {}, [nodeResult(1), webSocketResult(2)]));
  expect(mixed).toContain('#[Unit: http_req_duration, ws_waiting in nanoseconds;');
  const whole = read(mixed).filter(({ tag }) => tag && tag !== 'NO TAG');
  expect(whole.map(({ tag, totalCount }) => [tag, totalCount])).toEqual([
    ['(all)', 200],
    ['(all){phase:chaos}', 20],
    ['(all){phase:steady}', 180],
    ['(all){protocol:http}', 200],
    ['(all){protocol:ws}', 20],
    ['buy_"now"{protocol:http}', 20],
    ['list_items{protocol:http}', 180],
    ['list_items{protocol:ws}', 20],
  ]);
  const alone = read(hlogReporter.report(storedRun({}, {}, [webSocketResult(1)])));
  expect(alone.map(({ tag, totalCount }) => [tag, totalCount]).slice(0, 2)).toEqual([
    ['(all)', 20],
    ['list_items', 20],
  ]);
});

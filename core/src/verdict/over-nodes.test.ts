import fc from 'fast-check';
import { expect, test } from 'vitest';
import { samplesOnNodes, seriesOf, splitOverNodes } from '../metrics/samples.test.fixture.ts';
import { chaosPlanOf, entry } from '../recovery/run.test.fixture.ts';
import { resultOf, START_MS } from '../result/result.test.fixture.ts';
import { type SummaryOptions, summarize } from '../summary/summarize.ts';
import { parseThreshold } from '../thresholds/threshold.ts';
import { windowOf } from '../timeline/timeline.test.fixture.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { TimelineRecorder } from '../timeline/timeline-recorder.ts';
import { abortOf } from './abort.ts';
import type { NodeState } from './validity.ts';

const SECONDS = 30;
const OPTIONS: SummaryOptions = { run: 'r1', tolerateLostNodes: false, stopped: false };

/** Every aggregation, over any part of a run, against limits that both hold and do not. */
const threshold = fc
  .tuple(
    fc.constantFrom(
      ['http_req_duration', ['p(95)', 'p(50)', 'avg', 'max', 'min', 'med', 'count']],
      ['http_req_failed', ['rate', 'count']],
      ['http_reqs', ['count', 'rate']],
      ['queue', ['value', 'min', 'max', 'avg']],
      ['visitors', ['count']],
      ['recovery_time', ['max', 'count']],
    ) as fc.Arbitrary<[string, string[]]>,
    fc.nat(6),
    fc.constantFrom('', '{phase:steady}', '{phase:chaos}', '{fault:slow}', '{name:GET /}'),
    fc.constantFrom('<', '<=', '>', '>=', '==', '!='),
    fc.constantFrom('0', '1', '0.3', '50', '5s', 'RELATIVE'),
  )
  .map(([[metric, aggregations], pick, selector, operator, limit]) => {
    const aggregation = aggregations[pick % aggregations.length] ?? 'count';
    const right = limit === 'RELATIVE' ? `2 * ${aggregation}{phase:chaos}` : limit;
    return parseThreshold(`${metric}${selector}`, `${aggregation} ${operator} ${right}`);
  });

/** For each second of a run, which node made how many requests, and how slow they were. */
const load = fc.array(
  fc.record({
    node: fc.nat(3),
    count: fc.integer({ min: 1, max: 40 }),
    ms: fc.constantFrom(5, 10, 400),
    failed: fc.nat(1),
  }),
  { minLength: SECONDS, maxLength: SECONDS },
);

test('over any number of nodes the verdict is that of the same samples on one node, exactly', () => {
  fc.assert(
    fc.property(samplesOnNodes, load, fc.array(threshold, { maxLength: 6 }), (samples, seconds, thresholds) => {
      const plan = chaosPlanOf([entry('slow', 12_000, 5000)], SECONDS, { thresholds });
      const timelineOf = (mine: (node: number) => boolean): Timeline => {
        const recorder = new TimelineRecorder();
        for (const [n, { node, count, ms, failed }] of seconds.entries()) {
          if (mine(node)) recorder.add(windowOf('GET /', new Array<number>(count).fill(ms), failed), n * 1000);
        }
        return recorder.timeline([{ fault: 'slow', proxy: 'db', plannedMs: 12_000, fromMs: 12_000, toMs: 17_000 }]);
      };
      const endedAtMs = START_MS + SECONDS * 1000;
      const all = seriesOf(samples.map(([one]) => one));
      const one = { node: 1, result: resultOf({ series: all, timeline: timelineOf(() => true), endedAtMs }) };
      const nodes = splitOverNodes(samples).map((series, i): NodeState => {
        const timeline = timelineOf((node) => node === i);
        return { node: i + 1, result: resultOf({ node: i + 1, series, timeline, endedAtMs }) };
      });
      const [merged, single] = [summarize(plan, nodes, OPTIONS), summarize(plan, [one], OPTIONS)];
      expect(merged.thresholds).toEqual(single.thresholds);
      expect(merged.recovery).toEqual(single.recovery);
      expect([merged.outcome, merged.exitCode, merged.reasons]).toEqual([
        single.outcome,
        single.exitCode,
        single.reasons,
      ]);
    }),
    { numRuns: 60 },
  );
});

test('with latencies whose sums are not exact in floats all but means are exactly those of one node', () => {
  const real = samplesOnNodes.map((samples) =>
    samples.map(([one, node]) => [one.type === 'ms' ? { ...one, value: one.value / 7 } : one, node] as const),
  );
  fc.assert(
    fc.property(real, fc.array(threshold, { minLength: 1, maxLength: 6 }), (samples, thresholds) => {
      const plan = chaosPlanOf([], SECONDS, { thresholds });
      const one = { node: 1, result: resultOf({ series: seriesOf(samples.map(([sample]) => sample)) }) };
      const nodes = splitOverNodes(samples).map((series, i): NodeState => {
        return { node: i + 1, result: resultOf({ node: i + 1, series }) };
      });
      const single = summarize(plan, [one], OPTIONS).thresholds;
      for (const [i, result] of summarize(plan, nodes, OPTIONS).thresholds.entries()) {
        if (!result.expression.startsWith('avg')) expect(result).toEqual(single[i]);
        else if (result.actual !== undefined) expect(result.actual).toBeCloseTo(single[i]?.actual ?? Number.NaN, 8);
      }
    }),
    { numRuns: 100 },
  );
});

test('what ends a run over several nodes ends it on one, at the same time', () => {
  fc.assert(
    fc.property(
      samplesOnNodes,
      fc.array(threshold, { minLength: 1, maxLength: 4 }),
      fc.nat(60_000),
      (samples, some, ms) => {
        const thresholds = some.map((one) => ({ ...one, abortOnFail: true, delayAbortEvalMs: 10_000 }));
        const plan = chaosPlanOf([entry('slow', 12_000, 5000)], SECONDS, { thresholds });
        const nodes = splitOverNodes(samples).map((series, i) => ({ node: i + 1, series }));
        const one = [{ node: 1, series: seriesOf(samples.map(([sample]) => sample)) }];
        const abort = abortOf(plan, nodes, ms);
        expect(abort).toEqual(abortOf(plan, one, ms));
        if (ms < 10_000) expect(abort).toBeUndefined();
      },
    ),
  );
});

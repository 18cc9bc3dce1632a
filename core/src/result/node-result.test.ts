import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyAggregate } from '../metrics/aggregate.ts';
import { comparableSeries, samplesOnNodes, seriesOf } from '../metrics/samples.test.fixture.ts';
import { nodeResultFromJson, nodeResultToJson } from './node-result.ts';
import { resultOf } from './result.test.fixture.ts';

const FULL = resultOf({
  commandExit: 3,
  interrupted: 2,
  errors: [
    { scenario: 'read', failure: 'timeout', message: 'too slow', count: 4, stack: 'Error: too slow\n  at x' },
    { scenario: 'read', failure: 'assertion', message: 'no', count: 1 },
  ],
  accounting: {
    emitted: null,
    received: 9,
    stored: 8,
    rejected: 1,
    kernelDrops: 0,
    points: { written: 5, spooled: 0, dropped: 1 },
  },
  series: seriesOf([
    { metric: 'orders', type: 'c', tags: { a: '1' }, value: 3, weight: 1 },
    { metric: 'http_req_failed', type: 'h', tags: {}, value: 1, weight: 5 },
    { metric: 'step', type: 'ms', tags: {}, value: 12.5, weight: 10 },
    { metric: 'queue', type: 'g', tags: {}, value: -4, weight: 1 },
    { metric: 'visitors', type: 's', tags: {}, value: 1, weight: 1, text: 'ann' },
  ]),
});

test('a result survives its file, with everything in it', () => {
  const read = nodeResultFromJson(throughFile(FULL));
  expect({ ...read, series: comparableSeries(read.series) }).toEqual({
    ...FULL,
    series: comparableSeries(FULL.series),
  });
});

test('any samples survive the file', () => {
  fc.assert(
    fc.property(samplesOnNodes, (samples) => {
      const series = seriesOf(samples.map(([sample]) => sample));
      const read = nodeResultFromJson(throughFile(resultOf({ series })));
      expect(comparableSeries(read.series)).toEqual(comparableSeries(series));
    }),
  );
});

test('a checkpoint of a node that has not begun is a result too, and so is a gauge that has no value yet', () => {
  const early = resultOf({ final: false, scenario: 'running', startedAtMs: undefined });
  expect(nodeResultFromJson(throughFile(early)).startedAtMs).toBeUndefined();
  const gauge = { metric: 'queue', tags: {}, aggregate: emptyAggregate('gauge') };
  expect(nodeResultFromJson(throughFile(resultOf({ series: [gauge] }))).series).toEqual([gauge]);
});

type Json = Record<string, never>;
const aggregateAt = (index: number, json: Json): Json => (json.series as unknown as Json[])[index]?.aggregate ?? {};

test.each<[string, (json: Json) => unknown]>([
  ['nothing', () => undefined],
  ['null', () => null],
  ['a list', () => []],
  ['a future version', (json) => ({ ...json, version: 2 })],
  ['no accounts', (json) => ({ ...json, accounting: undefined })],
  ['a negative count', (json) => ({ ...json, interrupted: -1 })],
  ['a node 0', (json) => ({ ...json, node: 0 })],
  ['an unknown end', (json) => ({ ...json, scenario: 'gone' })],
  ['an error without a message', (json) => ({ ...json, errors: [{ scenario: '', failure: '', count: 1 }] })],
  ['series that are none', (json) => ({ ...json, series: [5] })],
  ['a tag that is no text', (json) => ({ ...json, series: [{ metric: 'a', tags: { x: 1 }, aggregate: {} }] })],
  ['an unknown kind', (json) => damagedAggregate(json, 0, { kind: 'average' })],
  ['a sum that is text', (json) => damagedAggregate(json, 0, { sum: '3' })],
  ['a rate without its count', (json) => damagedAggregate(json, 1, { count: undefined })],
  ['a histogram that does not add up', (json) => damagedAggregate(json, 2, { histogram: { count: 1, sum: 1 } })],
  ['no histogram', (json) => damagedAggregate(json, 2, { histogram: undefined })],
  ['a gauge without a value', (json) => damagedAggregate(json, 3, { last: null })],
  ['a set whose members are no list', (json) => damagedAggregate(json, 4, { members: { ann: true } })],
])('%s is refused as damaged', (_, damage) => {
  const json = damage(throughFile(FULL) as Json);
  expect(() => nodeResultFromJson(json)).toThrow(
    expect.objectContaining({ name: 'LoadsError', code: 'ERR_RUN_DAMAGED' }),
  );
});

test('a result with any one value replaced is read or refused, and nothing else', () => {
  fc.assert(
    fc.property(fc.nat(), fc.constantFrom(null, -1, 'x', [], {}, true), (place, value) => {
      try {
        nodeResultFromJson(replaced(throughFile(FULL), place, value));
      } catch (error) {
        expect(error).toMatchObject({ code: 'ERR_RUN_DAMAGED' });
      }
    }),
    { numRuns: 300 },
  );
});

function throughFile(result: typeof FULL): unknown {
  return JSON.parse(JSON.stringify(nodeResultToJson(result)));
}

function damagedAggregate(json: Json, index: number, change: object): unknown {
  Object.assign(aggregateAt(index, json), change);
  return json;
}

/** Replaces the `place`-th value of a tree, counted over all its keys. */
function replaced(json: unknown, place: number, value: unknown): unknown {
  const slots: [parent: Record<string, unknown>, key: string][] = [];
  const visit = (parent: unknown): void => {
    if (typeof parent !== 'object' || parent === null) return;
    for (const key of Object.keys(parent)) {
      slots.push([parent as Record<string, unknown>, key]);
      visit((parent as Record<string, unknown>)[key]);
    }
  };
  visit(json);
  const slot = slots[place % slots.length];
  if (slot) slot[0][slot[1]] = value;
  return json;
}

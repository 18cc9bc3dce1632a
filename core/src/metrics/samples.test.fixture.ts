import fc from 'fast-check';
import { type AggregateJson, aggregateToJson, emptyAggregate, observe } from './aggregate.ts';
import { type Series, seriesKey, type Tags } from './series.ts';
import { kindOf, type StatsdType } from './vocabulary.ts';

/** One sample as a node takes it. Values are multiples of 1/8, whose sums are exact in any order. */
export type TestSample = {
  readonly metric: string;
  readonly type: StatsdType;
  readonly tags: Tags;
  readonly value: number;
  readonly weight: number;
  readonly text?: string | undefined;
};

const eighths = fc.integer({ min: 0, max: 80_000 }).map((eighth) => eighth / 8);
const weight = fc.integer({ min: 1, max: 1000 });
const requestTags = fc.record(
  {
    name: fc.constantFrom('GET /', 'POST /cart', 'list items'),
    status: fc.constantFrom('200', '503'),
    phase: fc.constantFrom('steady', 'chaos', 'recovery'),
    fault: fc.constantFrom('slow', 'dead', 'slow+dead'),
  },
  { requiredKeys: [] },
);
const scenarioTags = fc.record({ scenario: fc.constantFrom('read', 'buy') });
const checkTags = fc.record({ check: fc.constantFrom('has items', 'is fast') });
const faultTags = fc.record({
  fault: fc.constantFrom('slow', 'dead'),
  proxy: fc.constantFrom('web', 'stock'),
  protocol: fc.constant('http'),
  behavior: fc.constantFrom('delay', 'error'),
  point: fc.constantFrom('before', 'forwarded'),
});
const classTags = fc.record({ class: fc.constantFrom('reset', 'timeout') });
const freeTags = fc.dictionary(fc.constantFrom('a', 'b', 'constructor'), fc.constantFrom('', '1', '2'));

function counters(metrics: readonly string[], tags: fc.Arbitrary<Tags>): fc.Arbitrary<TestSample> {
  const value = fc.integer({ min: -9, max: 99 });
  return fc.record({
    metric: fc.constantFrom(...metrics),
    type: fc.constant('c' as const),
    tags,
    value,
    weight: fc.constant(1),
  });
}

function rates(metrics: readonly string[], tags: fc.Arbitrary<Tags>): fc.Arbitrary<TestSample> {
  const value = fc.constantFrom(0, 1);
  return fc.record({ metric: fc.constantFrom(...metrics), type: fc.constant('h' as const), tags, value, weight });
}

function trends(metrics: readonly string[], tags: fc.Arbitrary<Tags>): fc.Arbitrary<TestSample> {
  return fc.record({
    metric: fc.constantFrom(...metrics),
    type: fc.constant('ms' as const),
    tags,
    value: eighths,
    weight,
  });
}

/** A sample of any kind, of Loads' own metrics and of others. */
export const anySample: fc.Arbitrary<TestSample> = fc.oneof(
  counters(['http_reqs'], requestTags),
  rates(['http_req_failed'], requestTags),
  trends(['http_req_duration'], requestTags),
  rates(['iteration_failed'], scenarioTags),
  trends(['iteration_duration'], scenarioTags),
  rates(['checks'], checkTags),
  counters(['failures'], classTags),
  counters(['faults'], faultTags),
  counters(['orders'], freeTags),
  trends(['step'], freeTags),
  fc.record({
    metric: fc.constant('queue'),
    type: fc.constant('g' as const),
    tags: freeTags,
    value: fc.integer({ min: -99, max: 99 }),
    weight: fc.constant(1),
  }),
  fc.record({
    metric: fc.constant('visitors'),
    type: fc.constant('s' as const),
    tags: freeTags,
    value: fc.constant(1),
    weight: fc.constant(1),
    text: fc.constantFrom('ann', 'bob', 'eve'),
  }),
);

/** Samples in the order of their instants, each with the node that it came from, 0 to 3. */
export const samplesOnNodes: fc.Arbitrary<readonly (readonly [TestSample, number])[]> = fc.array(
  fc.tuple(anySample, fc.nat({ max: 3 })),
  { maxLength: 60 },
);

/** What one node keeps of those samples that `mine` picks. The instant of a sample is its place in the list. */
export function seriesOf(
  samples: readonly TestSample[],
  mine: (index: number) => boolean = () => true,
): readonly Series[] {
  const series = new Map<string, Series>();
  for (const [index, { metric, type, tags, value, weight, text }] of samples.entries()) {
    if (!mine(index)) continue;
    const key = seriesKey(metric, tags);
    const one = series.get(key) ?? { metric, tags, aggregate: emptyAggregate(kindOf(metric, type)) };
    series.set(key, one);
    observe(one.aggregate, { value, weight, text }, index);
  }
  return [...series.values()];
}

/** What the four nodes of `samplesOnNodes` keep. */
export function splitOverNodes(samples: readonly (readonly [TestSample, number])[]): readonly (readonly Series[])[] {
  const all = samples.map(([sample]) => sample);
  return [0, 1, 2, 3].map((node) => seriesOf(all, (index) => samples[index]?.[1] === node));
}

/** An aggregate in a form to compare by: the order of a set's members means nothing. */
export function comparable(aggregate: Series['aggregate'] | undefined): AggregateJson | undefined {
  if (!aggregate) return undefined;
  const json = aggregateToJson(aggregate);
  return json.kind === 'set' ? { ...json, members: [...json.members].sort() } : json;
}

/** Series in a form to compare by, in the order of their keys. */
export function comparableSeries(series: readonly Series[]): readonly (readonly [string, AggregateJson | undefined])[] {
  return series
    .map(({ metric, tags, aggregate }) => [seriesKey(metric, tags), comparable(aggregate)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LoadsError } from '../errors/loads-error.ts';
import { Histogram } from './histogram.ts';

// One and 2 in their buckets: 1 is bucket 1408, 2 an octave further.
const SOUND = { count: 3, sum: 4, min: 1, max: 2, buckets: [1408, 2, 128, 1] };

test('reads what is sound', () => {
  expect(Histogram.fromJSON(SOUND).toJSON()).toEqual(SOUND);
  expect(Histogram.fromJSON({ count: 0, sum: 0, buckets: [] }).count).toBe(0);
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['a text', '{}'],
  ['no fields', {}],
  ['a count that is a text', { ...SOUND, count: '3' }],
  ['a negative count', { ...SOUND, count: -3 }],
  ['a count that its buckets do not hold', { ...SOUND, count: 4 }],
  ['a sum that went through NaN', { ...SOUND, sum: null }],
  ['a sum below count * min', { ...SOUND, sum: 2.9 }],
  ['a sum above count * max', { ...SOUND, sum: 6.1 }],
  ['no min', { ...SOUND, min: undefined }],
  ['a min beside the first bucket', { ...SOUND, min: 0.9 }],
  ['a max beside the last bucket', { ...SOUND, max: 2.1 }],
  ['a min above the max in one bucket', { count: 2, sum: 2, min: 1.001, max: 1, buckets: [1408, 2] }],
  ['no buckets', { ...SOUND, buckets: undefined }],
  ['half a pair', { ...SOUND, buckets: [1408, 2, 128] }],
  ['a bucket twice', { count: 3, sum: 3, min: 1, max: 1, buckets: [1408, 2, 0, 1] }],
  ['buckets that descend', { ...SOUND, buckets: [1536, 1, -128, 2] }],
  ['a bucket beyond the last', { ...SOUND, buckets: [1408, 2, 99_999, 1] }],
  ['an index between 0 and the first octave', { count: 1, sum: 0, min: 0, max: 0, buckets: [5, 1] }],
  ['a fractional index', { ...SOUND, buckets: [1408.5, 2, 127.5, 1] }],
  ['an empty bucket', { ...SOUND, buckets: [1408, 3, 64, 0, 64, 0] }],
  ['an empty one with a sum', { count: 0, sum: 1, buckets: [] }],
  ['an empty one with a min', { count: 0, sum: 0, min: 0, buckets: [] }],
])('refuses %s', (_, input) => {
  expect(() => Histogram.fromJSON(input)).toThrow(expect.objectContaining({ code: 'ERR_RUN_DAMAGED' }));
});

test('whatever it is given, it reads it or says ERR_RUN_DAMAGED', () => {
  const field = fc.oneof(fc.anything(), fc.nat(), fc.array(fc.nat(9000)));
  const input = fc.record({ count: field, sum: field, min: field, max: field, buckets: field });
  fc.assert(
    fc.property(fc.oneof(fc.anything(), input), (value) => {
      try {
        Histogram.fromJSON(value);
      } catch (error) {
        expect(error).toBeInstanceOf(LoadsError);
      }
    }),
  );
});

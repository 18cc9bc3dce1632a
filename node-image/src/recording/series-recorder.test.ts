import type { PhaseStamp } from '@loads/core';
import { expect, test } from 'vitest';
import { written } from './samples.test.fixture.ts';
import { SeriesRecorder } from './series-recorder.ts';

/** Steady until 1000 ms, then the fault `slow`. */
function stamp(_: number, toMs: number): PhaseStamp {
  return toMs < 1000 ? { phase: 'steady', fault: '' } : { phase: 'chaos', fault: 'slow' };
}

test('samples of one series and phase are one line, or one for each value', () => {
  const recorder = new SeriesRecorder(stamp);
  const sent = recorder.counter('sent', { name: 'a' });
  sent(1, 0);
  sent(2, 10);
  // What met a fault belongs to it.
  sent(5, 900, 1000);
  recorder.counter('sent', { name: 'a' })(1, 20);
  recorder.trend('took', {})(4, 0, 4);
  recorder.trend('took', {})(4, 990, 994);
  recorder.rate('failed', {})(true, 0, 1);
  recorder.rate('failed', {})(false, 0, 1);
  recorder.gauge('level', {})(3, 0);
  recorder.gauge('level', {})(9, 1);
  const { arrived, samples } = written((sink) => recorder.flush(sink));
  const lines = arrived.map(
    ({ name, value, weight, tags }) => `${name} ${value} x${weight} ${Object.values(tags).join()}`,
  );
  expect(lines).toEqual([
    'sent 4 x1 a,steady',
    'sent 5 x1 a,chaos,slow',
    'took 4 x2 steady',
    'failed 1 x1 steady',
    'failed 0 x1 steady',
    'level 9 x1 steady',
  ]);
  expect(samples).toBe(7);
  expect(written((sink) => recorder.flush(sink)).arrived).toEqual([]);
});

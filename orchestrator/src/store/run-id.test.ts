import fc from 'fast-check';
import { expect, test } from 'vitest';
import { idTimeMs, RUN_ID, runId } from './run-id.ts';

test('an id is the time, the name and something random', () => {
  expect(runId(new Date('2026-11-21T07:45:12.999Z'), 'shop', 0.2479)).toBe('20261121-074512-shop-3f76');
  expect(runId(new Date('2026-01-02T03:04:05Z'), 'a-b', 0)).toBe('20260102-030405-a-b-0000');
  expect(idTimeMs('20260102-030405-a-b-0000')).toBe(Date.parse('2026-01-02T03:04:05Z'));
  expect(idTimeMs('notes')).toBeNaN();
});

test('ids sort by time and are told from other names', () => {
  const instant = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]*$/);
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(instant, instant, name, random, (a, b, text, r) => {
      const [first, second] = [runId(a, text, r), runId(b, text, r)];
      expect(first).toMatch(RUN_ID);
      if (Math.floor(a.getTime() / 1000) < Math.floor(b.getTime() / 1000)) expect(first < second).toBe(true);
    }),
  );
  expect(['notes', '20261121', '20261121-074512', '.part'].some((other) => RUN_ID.test(other))).toBe(false);
});

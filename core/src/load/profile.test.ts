import fc from 'fast-check';
import { expect, test } from 'vitest';
import { activeSpans, type Profile, peakOf, profileMs } from './profile.ts';

test.each<[string, Profile, number, readonly (readonly [number, number])[]]>([
  ['constant workers are there from the begin to the end', [{ forMs: 1000, from: 3, to: 3 }], 2, [[0, 1000]]],
  ['and nobody beyond them', [{ forMs: 1000, from: 3, to: 3 }], 3, []],
  ['a ramp begins with one worker at once', [{ forMs: 30_000, from: 0, to: 50 }], 0, [[0, 30_000]]],
  ['and each further one follows a step later', [{ forMs: 30_000, from: 0, to: 50 }], 49, [[29_400, 30_000]]],
  ['down, the last one goes first', [{ forMs: 1000, from: 10, to: 0 }], 9, [[0, 100]]],
  ['and the first one last', [{ forMs: 1000, from: 10, to: 0 }], 0, [[0, 1000]]],
  [
    'stages that meet are one span',
    [
      { forMs: 1000, from: 0, to: 2 },
      { forMs: 1000, from: 2, to: 2 },
    ],
    1,
    [[500, 2000]],
  ],
  [
    'a worker can go and come back',
    [
      { forMs: 1000, from: 2, to: 0 },
      { forMs: 1000, from: 0, to: 2 },
    ],
    1,
    [
      [0, 500],
      [1500, 2000],
    ],
  ],
  [
    'a stage of no time is a jump',
    [
      { forMs: 0, from: 0, to: 5 },
      { forMs: 1000, from: 5, to: 5 },
    ],
    4,
    [[0, 1000]],
  ],
])('%s', (_, profile, rank, spans) => {
  expect(activeSpans(profile, rank)).toEqual(spans.map(([fromMs, toMs]) => ({ fromMs, toMs })));
});

const stretch = fc.record({ forMs: fc.nat(10_000), from: fc.nat(40), to: fc.nat(40) });

test('at any moment as many workers are at work as the profile says, up to one', () => {
  fc.assert(
    fc.property(
      fc.array(stretch, { minLength: 1, maxLength: 5 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (profile, part) => {
        const atMs = part * profileMs(profile);
        let [startMs, value] = [0, 0];
        for (const { forMs, from, to } of profile) {
          if (atMs >= startMs && atMs < startMs + forMs) value = from + ((to - from) * (atMs - startMs)) / forMs;
          startMs += forMs;
        }
        const active = Array.from({ length: 41 }, (_, rank) => activeSpans(profile, rank)).filter((spans) =>
          spans.some(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs),
        );
        if (atMs < startMs) expect(Math.abs(active.length - value)).toBeLessThanOrEqual(1 + 1e-6);
        expect(activeSpans(profile, Math.ceil(peakOf(profile)))).toEqual([]);
      },
    ),
  );
});

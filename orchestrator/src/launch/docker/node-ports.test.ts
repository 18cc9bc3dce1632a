import type { RunPlan } from '@loads/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodePorts } from './node-ports.ts';

function planWith(proxies: number): RunPlan {
  return { proxies: Array.from({ length: proxies }, (_, i) => ({ name: `p${i}` })) } as unknown as RunPlan;
}

test('in a namespace of its own every node has the same ports, and statsd its usual one', () => {
  expect(nodePorts(planWith(2), 3, false)).toEqual({ link: 21_000, statsd: 8125, proxies: { p0: 21_001, p1: 21_002 } });
});

test('on the network of the host no two nodes share a port', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 100 }), (proxies, nodes) => {
      const all = Array.from({ length: nodes }, (_, i) => nodePorts(planWith(proxies), i + 1, true)).flatMap(
        ({ link, statsd, proxies: own }) => [link, statsd, ...Object.values(own)],
      );
      expect(new Set(all).size).toBe(nodes * (proxies + 2));
      // Below what outgoing connections get.
      expect(Math.max(...all)).toBeLessThan(32_768);
    }),
  );
});

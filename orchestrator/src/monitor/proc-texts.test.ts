import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cpuTicks, loadAverage, memoryBytes, networkBytes } from './proc-texts.ts';

const STAT = `cpu  100 10 50 800 40 5 15 20 7 3
cpu0 50 5 25 400 20 2 7 10 0 0
intr 1 2 3
`;

const NET = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 9999    10    0    0    0     0          0         0 8888    10    0    0    0     0       0          0
  eth0: 1000    10    0    0    0     0          0         0 2000    10    0    0    0     0       0          0
 wlan0:300    10    0    0    0     0          0         0 400    10    0    0    0     0       0          0
docker0: 77    10    0    0    0     0          0         0 66    10    0    0    0     0       0          0
`;

const MEMORY = `MemTotal:        1000 kB
MemFree:          100 kB
MemAvailable:     600 kB
SwapTotal:        500 kB
SwapFree:         200 kB
`;

test('CPU: busy is what is neither idle nor waiting, and guests count once', () => {
  expect(cpuTicks(STAT)).toEqual({ busy: 200, total: 1040 });
});

test('network: what leads out of the host, or the one interface', () => {
  expect(networkBytes(NET)).toEqual({ in: 1300, out: 2400 });
  expect(networkBytes(NET, 'wlan0')).toEqual({ in: 300, out: 400 });
  expect(networkBytes(NET, 'docker0')).toEqual({ in: 77, out: 66 });
  expect(networkBytes(NET, 'eth1')).toBeUndefined();
  expect(networkBytes(NET.replaceAll(/^.*(eth0|wlan0).*\n/gm, ''))).toBeUndefined();
});

test('memory: what programs cannot have, and the swap in use', () => {
  expect(memoryBytes(MEMORY)).toEqual({ used: 400 * 1024, total: 1000 * 1024, swapUsed: 300 * 1024 });
  expect(memoryBytes('MemTotal: 1000 kB\nMemAvailable: 0 kB\n')).toMatchObject({ used: 1024_000, swapUsed: undefined });
});

test('load: over a minute', () => {
  expect(loadAverage('0.52 0.58 0.59 3/467 12345\n')).toBe(0.52);
});

test('any other text gives nothing, or finite numbers that are not negative', () => {
  const scrap = fc.oneof(
    fc.string(),
    fc.constantFrom(STAT, NET, MEMORY).chain((text) => cut(text)),
  );
  fc.assert(
    fc.property(scrap, (text) => {
      const [cpu, network, memory] = [cpuTicks(text), networkBytes(text), memoryBytes(text)];
      const numbers = [cpu, network, memory].flatMap((one) => Object.values(one ?? {}));
      for (const one of [...numbers, loadAverage(text)]) expect(one ?? 0).toBeGreaterThanOrEqual(0);
      for (const one of numbers) expect(Number.isFinite(one ?? 0)).toBe(true);
    }),
  );
});

function cut(text: string): fc.Arbitrary<string> {
  return fc.nat(text.length).map((end) => text.slice(0, end));
}

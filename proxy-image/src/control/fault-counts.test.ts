import { StatsD } from 'hot-shots';
import { expect, test } from 'vitest';
import { startHttpBackend } from '../proxy/peers.test.support.ts';
import { definition } from './api/api.test.support.ts';
import { TestClock } from './clock.test.support.ts';
import { FaultCounts } from './fault-counts.ts';
import { faultEvent } from './fault-event.test.fixture.ts';
import { Vaurien } from './vaurien.ts';

test('each fault is counted under a name that stays, and with tags', async () => {
  await using vaurien = new Vaurien({ clock: new TestClock() });
  const client = new StatsD({ mock: true, sampleRate: 0.001 });
  {
    using _counts = new FaultCounts(vaurien, client, 'vaurien');
    vaurien.faults.add(faultEvent({ proxy: 'my.db', behavior: 'delay', rule: 'slow' }));
  }
  vaurien.faults.add(faultEvent());
  expect(client.mockBuffer).toEqual([
    'vaurien.my_db.delay:1|c',
    'faults:1|c|#proxy:my.db,protocol:http,behavior:delay,point:before,fault:slow',
  ]);
});

test('what a proxy did is told every second, and once more at the end', async () => {
  const clock = new TestClock();
  await using backend = await startHttpBackend();
  await using vaurien = new Vaurien({ clock });
  const { host, port } = (await vaurien.open(definition('web', backend.address))).address;
  const ask = (): Promise<unknown> =>
    fetch(`http://${host}:${port}/`, { headers: { Connection: 'close' } }).then((r) => r.text());
  const client = new StatsD({ mock: true });
  const names = (): readonly string[] => client.mockBuffer?.map((line) => line.replace(/:\d+\|/, ':N|')) ?? [];
  {
    using _counts = new FaultCounts(vaurien, client, 'vaurien');
    await ask();
    expect(names()).toEqual([]);
    clock.pass(1000);
    expect(names()).toEqual(
      expect.arrayContaining(['vaurien.web.start:N|c', 'vaurien.web.to_backend:N|c', 'vaurien.web.to_client:N|c']),
    );
    await expect.poll(() => vaurien.first?.stats.connectionsOpen).toBe(0);
    clock.pass(5000);
  }
  expect(names().toSorted()).toEqual(
    ['end', 'start', 'to_backend', 'to_client'].map((key) => `vaurien.web.${key}:N|c`),
  );
  expect(client.mockBuffer).toContain('vaurien.web.start:1|c');
});

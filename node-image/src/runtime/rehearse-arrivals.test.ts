import { expect, test } from 'vitest';
import { serve } from '../http/servers.test.fixture.ts';
import { rehearseArrivals } from './rehearse-arrivals.ts';
import { briefOf, planOf } from './sidecar.test.fixture.ts';

test('a rehearsal ends by itself, and asks nothing of the target', async () => {
  await using server = await serve((_, response) => response.end());
  await rehearseArrivals(briefOf({ ...planOf(), target: server.url }));
  expect(server.connections).toHaveLength(0);
});

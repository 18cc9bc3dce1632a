import { expect } from 'vitest';
import { type Cell, expectNativeError, rejection } from '../cell.ts';
import type { Client } from '../driver.ts';
import type { Stage } from '../stage.ts';

export const transientCells: readonly Cell[] = [
  {
    claim: 'two failures, then success',
    async prove(stage) {
      const { code, operations } = stage.driver;
      stage.impose('transient', { agitate: 2, code }, operations.write);
      const writes = await stage.service.writes();
      await using clients = new AsyncDisposableStack();
      const next = inTurn(stage, clients);
      for (const number of [0, 1]) expectNativeError(stage, await rejection((await next()).write()), number);
      expect(await stage.service.writes()).toBe(writes);
      await (await next()).write();
      expect(await stage.service.writes()).toBe(writes + 1);
      stage.expectFaults({ behavior: 'transient', operation: operations.write, point: 'before', times: 2 });
    },
  },
  {
    claim: 'counted on each connection',
    async prove(stage) {
      const { code, operations } = stage.driver;
      stage.impose('transient', { agitate: 1, code, per: 'connection' }, operations.write);
      for (const number of [0, 1]) {
        await using client = await stage.connect();
        expectNativeError(stage, await rejection(client.write()), number);
        if (stage.driver.requests) await client.write();
      }
      stage.expectFaults({ behavior: 'transient', operation: operations.write, point: 'before', times: 2 });
    },
  },
];

/** The client of the next try: the same one, unless the protocol lets an error end the connection. */
function inTurn(stage: Stage, clients: AsyncDisposableStack): () => Promise<Client> {
  let client: Client | undefined;
  return async () => {
    if (!client || !stage.driver.requests) client = clients.use(await stage.connect());
    return client;
  };
}

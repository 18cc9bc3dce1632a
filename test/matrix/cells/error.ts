import { expect } from 'vitest';
import { type Cell, expectNativeError, rejection } from '../cell.ts';
import type { Client } from '../driver.ts';
import type { Stage } from '../stage.ts';

export const errorCells: readonly Cell[] = [
  {
    claim: 'the client gets a native error, and the backend never saw the write',
    async prove(stage) {
      const { code, operations } = stage.driver;
      stage.impose('error', { code }, operations.write);
      const writes = await stage.service.writes();
      await using client = await stage.connect();
      expectNativeError(stage, await rejection(client.write()));
      expect(await stage.service.writes()).toBe(writes);
      stage.expectFaults({ behavior: 'error', operation: operations.write, point: 'before' });
      await goesOn(stage, client);
    },
  },
  {
    claim: 'the client gets a native error for what the backend did',
    async prove(stage) {
      const { code, operations } = stage.driver;
      stage.impose('error', { code, point: 'forwarded' }, operations.commit);
      const writes = await stage.service.writes();
      await using client = await stage.connect();
      expectNativeError(stage, await rejection(client.write()));
      expect(await stage.service.writes()).toBe(writes + 1);
      stage.expectFaults({ behavior: 'error', operation: operations.commit, point: 'forwarded' });
      await goesOn(stage, client);
    },
  },
  {
    claim: 'the client gets a corrupt answer',
    async prove(stage) {
      stage.impose('error', { inject: true });
      const answer = await stage.answer();
      await using client = await stage.connect(500);
      const outcome = await client.ask().catch((error: unknown) => error);
      expect(outcome).not.toBe(answer);
      expect(stage.driver.told(outcome)).toBeUndefined();
      stage.expectFaults({ behavior: 'error', operation: stage.driver.operations.ask, point: 'forwarded' });
    },
  },
];

/** The connection works as before; where the protocol has no errors, it has ended. */
async function goesOn(stage: Stage, client: Client): Promise<void> {
  stage.lift();
  if (!stage.driver.requests) {
    await rejection(client.ask());
    return;
  }
  expect(await client.ask()).toBe(await stage.answer());
  expect(stage.proxy.stats.connectionsAccepted).toBe(1);
}

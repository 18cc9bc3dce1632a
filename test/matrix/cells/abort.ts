import { expect } from 'vitest';
import { type Cell, isReset, rejection } from '../cell.ts';
import type { Stage } from '../stage.ts';

export const abortCells: readonly Cell[] = [
  {
    claim: 'the backend did the write, and the client got no answer',
    async prove(stage) {
      await losesTheAnswer(stage, 0);
      expectFaults(stage, 1);
    },
  },
  {
    claim: 'the backend did the write, and the client got the beginning of an answer',
    async prove(stage) {
      const without = await losesTheAnswer(stage, 0);
      expect(await losesTheAnswer(stage, 2)).toBe(without + 2);
      expectFaults(stage, 2);
    },
  },
];

/** Gives how many bytes the client has got during the write. */
async function losesTheAnswer(stage: Stage, after: number): Promise<number> {
  const { driver, proxy, service } = stage;
  stage.impose('abort', { after }, driver.operations.commit);
  const writes = await service.writes();
  await using client = await stage.connect();
  const login = proxy.stats.bytesToClient;
  const error = await rejection(client.write());
  expect(driver.told(error)).toBeUndefined();
  expect(isReset(error)).toBe(false);
  expect(await service.writes()).toBe(writes + 1);
  return proxy.stats.bytesToClient - login;
}

function expectFaults(stage: Stage, times: number): void {
  stage.expectFaults({ behavior: 'abort', operation: stage.driver.operations.commit, point: 'forwarded', times });
}

import { expect } from 'vitest';
import { type Cell, isReset, rejection, takesAtLeast } from '../cell.ts';
import { PATIENCE_MS, type Stage } from '../stage.ts';

const SHORT_MS = 150;

export const hangCells: readonly Cell[] = [
  {
    claim: 'no answer until the client gives up, and the backend never saw the write',
    prove: (stage) =>
      neverWrites(stage, async () => {
        stage.impose('hang');
        await using client = await stage.connect(SHORT_MS);
        await takesAtLeast(SHORT_MS, () => rejection(client.write()));
      }),
  },
  {
    claim: 'a reset after `max`',
    prove: (stage) =>
      neverWrites(stage, async () => {
        stage.impose('hang', { max: `${SHORT_MS}ms` });
        await takesAtLeast(SHORT_MS, async () => {
          await using client = await stage.connect();
          expect(isReset(await rejection(client.write()))).toBe(true);
        });
      }),
  },
  {
    claim: 'a reset when the rule ends',
    prove: (stage) =>
      neverWrites(stage, async () => {
        stage.impose('hang');
        await using client = await stage.connect();
        const writing = rejection(client.write());
        await stage.struck();
        stage.lift();
        expect(isReset(await writing)).toBe(true);
      }),
  },
];

async function neverWrites(stage: Stage, act: () => Promise<void>): Promise<void> {
  const writes = await stage.service.writes();
  await act();
  expect(await stage.service.writes()).toBe(writes);
  stage.expectFaults({ behavior: 'hang', operation: stage.driver.operations.write, point: 'before' });
  await expect.poll(() => stage.proxy.stats.connectionsOpen, { timeout: PATIENCE_MS }).toBe(0);
}

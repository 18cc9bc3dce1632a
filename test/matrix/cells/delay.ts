import { expect } from 'vitest';
import { type Cell, takesAtLeast } from '../cell.ts';
import { PATIENCE_MS, type Stage } from '../stage.ts';

const SLEEP_MS = 80;

export const delayCells: readonly Cell[] = [
  { claim: 'each request is held, and the connection goes on', prove: (stage) => holdsEach(stage, true) },
  { claim: 'each answer is held, and the connection goes on', prove: (stage) => holdsEach(stage, false) },
  {
    claim: 'a held request goes to the backend when the rule ends',
    async prove(stage) {
      stage.impose('delay', { sleep: '1h' }, stage.driver.operations.write);
      const writes = await stage.service.writes();
      await using client = await stage.connect();
      const writing = client.write();
      await stage.struck();
      expect(await stage.service.writes()).toBe(writes);
      stage.lift();
      await writing;
      expect(await stage.service.writes()).toBe(writes + 1);
    },
  },
  {
    claim: 'a held answer, of what the backend did, comes when the rule ends',
    async prove(stage) {
      stage.impose('delay', { sleep: '1h', before: false }, stage.driver.operations.commit);
      const writes = await stage.service.writes();
      await using client = await stage.connect();
      let answered = false;
      const writing = client.write().finally(() => {
        answered = true;
      });
      await expect.poll(() => stage.service.writes(), { timeout: PATIENCE_MS }).toBe(writes + 1);
      expect(answered).toBe(false);
      stage.lift();
      await writing;
    },
  },
];

async function holdsEach(stage: Stage, before: boolean): Promise<void> {
  stage.impose('delay', { sleep: `${SLEEP_MS}ms`, before });
  const [answer, { operations, requests }] = [await stage.answer(), stage.driver];
  await using client = await stage.connect();
  for (let time = 0; time < 2; time++) expect(await takesAtLeast(SLEEP_MS, () => client.ask())).toBe(answer);
  const times = requests ? 2 : 1;
  stage.expectFaults({ behavior: 'delay', operation: operations.ask, point: 'forwarded', times });
  stage.lift();
  expect(await client.ask()).toBe(answer);
  expect(stage.proxy.stats.connectionsAccepted).toBe(1);
}

import { expect } from 'vitest';
import type { Cell } from '../cell.ts';

export const dummyCells: readonly Cell[] = [
  {
    claim: 'everything passes, and is no fault',
    async prove(stage) {
      stage.impose('dummy');
      const [answer, writes] = [await stage.answer(), await stage.service.writes()];
      await using client = await stage.connect();
      expect(await client.ask()).toBe(answer);
      await client.write();
      expect(await stage.service.writes()).toBe(writes + 1);
      expect(stage.faults).toEqual([]);
    },
  },
];

import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from 'vitest';
import { type Cell, isReset, rejection } from '../cell.ts';
import { PATIENCE_MS, type Stage } from '../stage.ts';

export const blackoutCells: readonly Cell[] = [
  { claim: 'a reset, and the backend never saw the write', prove: (stage) => cutsOff(stage, 'rst') },
  { claim: 'an end without an answer, and the backend never saw the write', prove: (stage) => cutsOff(stage, 'fin') },
  {
    claim: 'nobody listens',
    async prove(stage) {
      stage.impose('blackout', { mode: 'refuse' });
      await expect.poll(() => dialled(stage), { timeout: PATIENCE_MS }).toBe('ECONNREFUSED');
      await rejection(stage.askAnew());
      expect(stage.faults.at(0)).toMatchObject({ behavior: 'blackout', connection: 0, point: 'connection' });
      // Who came before the socket was closed is reset, which is another fault.
      expect(stage.faults.length).toBe(1 + stage.proxy.stats.connectionsAccepted);
    },
  },
];

async function cutsOff(stage: Stage, mode: 'rst' | 'fin'): Promise<void> {
  stage.impose('blackout', { mode });
  const writes = await stage.service.writes();
  const error = await rejection(
    (async () => {
      await using client = await stage.connect();
      // A login is no request: it has reached the backend.
      const before = stage.proxy.stats.bytesToBackend;
      await client.write().finally(() => expect(stage.proxy.stats.bytesToBackend).toBe(before));
    })(),
  );
  expect(stage.driver.told(error)).toBeUndefined();
  expect(isReset(error)).toBe(mode === 'rst');
  expect(await stage.service.writes()).toBe(writes);
  stage.expectFaults({ behavior: 'blackout', operation: stage.driver.operations.write, point: 'before' });
}

/** What becomes of a bare connection. */
async function dialled({ proxy }: Stage): Promise<string> {
  const socket = connect(proxy.address);
  try {
    await once(socket, 'connect');
    return 'connected';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  } finally {
    socket.destroy();
  }
}

import { expect, test } from 'vitest';
import { deadAddress, startEcho } from '../proxy/peers.test.support.ts';
import { takesConnections } from './takes-connections.ts';

test('somebody listens, or nobody does', async () => {
  await using backend = await startEcho();
  expect(await takesConnections(backend.address)).toBe(true);
  expect(await takesConnections(await deadAddress())).toBe(false);
});

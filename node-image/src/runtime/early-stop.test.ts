import { expect, test } from 'vitest';
import { EarlyStop } from './early-stop.ts';

const STOPPED = { code: 'ERR_STOPPED', message: 'stopped before the run had begun' };

/** A stop before the start, and the two ways in which it can come. */
function stand(gracefulStopMs: number): { stop: EarlyStop; graceful: AbortController; cut: AbortController } {
  const [graceful, cut] = [new AbortController(), new AbortController()];
  return { stop: new EarlyStop({ stopped: graceful.signal, cut: cut.signal }, gracefulStopMs), graceful, cut };
}

const never = new Promise<never>(() => undefined);

test('what only waits ends with the stop, unless what it waits for was there before', async () => {
  const { stop, graceful } = stand(60_000);
  const waiting = stop.unlessStopped(never);
  stop.check();
  const there = Promise.resolve('data');
  graceful.abort();
  await expect(waiting).rejects.toMatchObject(STOPPED);
  expect(await stop.unlessStopped(there)).toBe('data');
  expect(() => stop.check()).toThrow(expect.objectContaining(STOPPED));
});

test('a fixture may end by itself after a graceful stop, and gives what it gives or throws', async () => {
  const { stop, graceful } = stand(60_000);
  const [good, bad] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
  const [giving, throwing] = [stop.untilCut(good.promise), stop.untilCut(bad.promise)];
  graceful.abort();
  good.resolve('made');
  bad.reject(new Error('no licence'));
  expect(await giving).toBe('made');
  await expect(throwing).rejects.toThrow('no licence');
  expect(stop.cut.aborted).toBe(false);
});

test('a fixture is cut when its time is over, and left behind when it does not heed that', async () => {
  const { stop, graceful } = stand(1);
  const heeds = new Promise<never>((_, reject) =>
    stop.cut.addEventListener('abort', () => reject(new Error('aborted')), { once: true }),
  );
  const waiting = [stop.untilCut(heeds), stop.untilCut(never)];
  graceful.abort();
  for (const one of await Promise.allSettled(waiting)) expect(one).toMatchObject({ reason: STOPPED });
});

test('a stop at once cuts at once', async () => {
  const { stop, graceful, cut } = stand(60_000);
  const waiting = stop.untilCut(never);
  graceful.abort();
  cut.abort();
  await expect(waiting).rejects.toMatchObject(STOPPED);
  expect(stop.cut.aborted).toBe(true);
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cells } from './cells.ts';
import type { Driver, Service } from './driver.ts';
import { PATIENCE_MS, Stage } from './stage.ts';

/** One row of the matrix: every behavior on this protocol, in front of one server. What cannot be run is skipped by name. */
export function describeMatrix(driver: Driver): void {
  const { protocol } = driver;
  const missing = driver.missing();
  const all = [...cells].flatMap(([behavior, claims]) =>
    claims.map((cell) => ({ name: `${behavior} on ${protocol}: ${cell.claim}`, cell })),
  );
  if (missing !== undefined) {
    for (const { name } of all) test.skip(`${name} (${missing})`, () => {});
    return;
  }

  describe(`every behavior on ${protocol}`, () => {
    let service: Service;

    beforeAll(async () => {
      service = await driver.open();
    });

    afterAll(async () => {
      await service[Symbol.asyncDispose]();
    });

    for (const { name, cell } of all) {
      test(name, async () => {
        await using stage = await Stage.open(driver, service);
        await cell.prove(stage);
        const faults = stage.faults.length;
        stage.lift();
        const answer = await stage.answer();
        // A proxy that nobody could reach listens again, which takes a moment.
        await expect.poll(() => stage.askAnew().catch(String), { timeout: PATIENCE_MS }).toBe(answer);
        expect(stage.faults.length).toBe(faults);
      });
    }
  });
}

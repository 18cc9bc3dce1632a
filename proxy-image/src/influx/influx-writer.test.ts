import { mkdtempDisposable, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { InfluxPlan } from '@loads/core';
import { expect, test } from 'vitest';
import { absentDatabase, startDatabase, type TestDatabase } from './database.test.fixture.ts';
import { InfluxWriter } from './influx-writer.ts';
import { Spool } from './spool.ts';

const LONG_MS = 10_000;

type Folder = { readonly path: string } & AsyncDisposable;

/** A database, and a writer that retries fast, with the folder of its spool. */
class Setting implements AsyncDisposable {
  readonly database: TestDatabase;
  readonly #dir: Folder;

  private constructor(database: TestDatabase, dir: Folder) {
    this.database = database;
    this.#dir = dir;
  }

  static async open(): Promise<Setting> {
    return new Setting(await startDatabase(), await mkdtempDisposable(join(tmpdir(), 'loads-spool-')));
  }

  get dir(): string {
    return this.#dir.path;
  }

  /** A writer of a process that has just started. */
  async writer(plan: InfluxPlan = this.database.plan, maxBytes = 1_000_000): Promise<InfluxWriter> {
    return new InfluxWriter(plan, await Spool.open({ dir: this.dir, maxBytes }), { firstRetryMs: 5 });
  }

  async spooledFiles(): Promise<number> {
    return (await readdir(this.dir)).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.database[Symbol.asyncDispose]();
    await this.#dir[Symbol.asyncDispose]();
  }
}

/** The lines of points `from` to `to`, the latter not included. */
function lines(from: number, to: number): readonly string[] {
  return Array.from({ length: to - from }, (_, i) => `m v=${from + i}i ${from + i}`);
}

test('points are written by write API v2, large batches compressed', async () => {
  await using setting = await Setting.open();
  const { database } = setting;
  await using writer = await setting.writer();
  writer.add(lines(0, 2));
  await database.answered(1);
  writer.add(lines(2, 6000));
  await writer.drain(LONG_MS);

  expect(database.stored).toEqual(lines(0, 6000));
  const query = { method: 'POST', pathname: '/api/v2/write', org: 'acme', bucket: 'loads', precision: 'ms' };
  expect(database.writes[0]).toMatchObject({ query, token: 'Token secret', compressed: false });
  expect(database.writes.slice(1).map((write) => [write.lines.length, write.compressed])).toEqual([
    [5000, true],
    [998, false],
  ]);
  expect(writer.accounting).toEqual({ written: 6000, spooled: 0, dropped: 0 });
  expect(writer.problem).toBeUndefined();
});

test.each([503, 429, 408, 500])('nothing is lost, and order is kept, through a time of %d', async (status) => {
  await using setting = await Setting.open();
  const { database } = setting;
  await using writer = await setting.writer();
  database.answer = () => status;
  writer.add(lines(0, 10));
  await database.answered(2);
  expect(await setting.spooledFiles()).toBe(1);
  writer.add(lines(10, 20));
  writer.add(lines(20, 30));
  await database.answered(4);
  expect(await setting.spooledFiles()).toBe(3);
  const problem = `${database.plan.url} answers ${status}: the answer is ${status} (the database is overloaded or not there yet)`;
  expect(writer.accounting).toEqual({ written: 0, spooled: 30, dropped: 0, problem });

  database.answer = () => 204;
  writer.add(lines(30, 40));
  await writer.drain(LONG_MS);
  expect(database.stored).toEqual(lines(0, 40));
  // What has been overcome is no problem.
  expect(writer.accounting).toEqual({ written: 40, spooled: 0, dropped: 0 });
  expect(await setting.spooledFiles()).toBe(0);
  expect(writer.problem).toBeUndefined();
});

test.each([
  [401, 'correct `influx.token` (LOADS_INFLUX_TOKEN): it must be allowed to write to `loads`'],
  [403, 'correct `influx.token` (LOADS_INFLUX_TOKEN): it must be allowed to write to `loads`'],
  [404, 'make the bucket `loads` of the organisation `acme`, or correct `influx.url`, `bucket` and `org`'],
  [405, 'correct `influx.url`: what answers there does not seem to be InfluxDB'],
])('who is denied with %d is not asked again before the end, and all is kept', async (status, hint) => {
  await using setting = await Setting.open();
  const { database } = setting;
  await using writer = await setting.writer();
  database.answer = () => status;
  writer.add(lines(0, 10));
  await expect.poll(() => setting.spooledFiles()).toBe(1);
  for (let i = 1; i < 6; i++) writer.add(lines(10 * i, 10 * i + 10));
  await expect.poll(() => setting.spooledFiles()).toBe(6);
  expect(database.writes).toHaveLength(1);
  await writer.drain(LONG_MS);
  expect(database.writes).toHaveLength(2);
  const problem = `${database.plan.url} answers ${status}: the answer is ${status} (${hint})`;
  expect(writer.accounting).toEqual({ written: 0, spooled: 60, dropped: 0, problem });

  // Mended before the end, all goes in.
  await using mended = await setting.writer();
  mended.add(lines(60, 70));
  await expect.poll(() => database.writes.length).toBe(3);
  database.answer = () => 204;
  await mended.drain(LONG_MS);
  expect(database.stored).toEqual(lines(0, 70));
});

test('who is asked to come again after a while does so, and not before, even at the end', async () => {
  await using setting = await Setting.open();
  const { database } = setting;
  await using writer = await setting.writer();
  database.answer = () => 429;
  database.retryAfter = '1';
  writer.add(lines(0, 10));
  await expect.poll(() => setting.spooledFiles()).toBe(1);
  const askedMs = performance.now();
  database.answer = () => 204;
  await writer.drain(LONG_MS);
  expect(performance.now() - askedMs).toBeGreaterThan(900);
  expect(database.stored).toEqual(lines(0, 10));
  expect(database.writes).toHaveLength(2);
});

test('what is left at the deadline of the drain is on disk, and a later process writes it', async () => {
  await using setting = await Setting.open();
  await using writer = await setting.writer(await absentDatabase());
  writer.add(lines(0, 10));
  writer.add(lines(10, 15));
  await writer.drain(20);
  expect(writer.accounting).toMatchObject({ written: 0, spooled: 15, dropped: 0 });
  expect(writer.problem).toContain('ECONNREFUSED');
  // What comes after the deadline is not tried any more.
  writer.add(lines(15, 20));
  await writer[Symbol.asyncDispose]();
  expect(writer.accounting).toMatchObject({ written: 0, spooled: 20, dropped: 0 });
  expect(await setting.spooledFiles()).toBe(3);

  await using later = await setting.writer();
  expect(later.accounting).toMatchObject({ written: 0, spooled: 20, dropped: 0 });
  later.add(lines(20, 25));
  await later.drain(LONG_MS);
  expect(setting.database.stored).toEqual(lines(0, 25));
  expect(later.accounting).toEqual({ written: 25, spooled: 0, dropped: 0 });
  expect(await setting.spooledFiles()).toBe(0);
});

test('a writer that is closed without a drain leaves its points on disk', async () => {
  await using setting = await Setting.open();
  setting.database.answer = () => 503;
  const writer = await setting.writer();
  writer.add(lines(0, 10));
  await writer[Symbol.asyncDispose]();
  expect(writer.accounting).toMatchObject({ written: 0, spooled: 10, dropped: 0 });
  expect(await setting.spooledFiles()).toBe(1);
});

test('what a full spool does not hold is counted as dropped', async () => {
  await using setting = await Setting.open();
  const { database } = setting;
  const room = Buffer.byteLength(lines(10, 20).join('\n'));
  await using writer = await setting.writer(undefined, room);
  database.answer = () => 503;
  writer.add(lines(10, 20));
  await database.answered(2);
  writer.add(lines(20, 25));
  await database.answered(3);
  database.answer = () => 204;
  await writer.drain(LONG_MS);
  expect(writer.accounting).toMatchObject({ written: 10, spooled: 0, dropped: 5 });
  expect(database.stored).toEqual(lines(10, 20));
});

test.each([400, 422])('of a batch that is refused with %d only the lines at fault are dropped', async (status) => {
  await using setting = await Setting.open();
  const { database } = setting;
  await using writer = await setting.writer();
  const bad = ['m v=7i 7', 'm v=700i 700'];
  database.answer = (batch) => (batch.some((line) => bad.includes(line)) ? status : 204);
  writer.add(lines(0, 5));
  writer.add(lines(5, 1000));
  writer.add(lines(1000, 1005));
  await writer.drain(LONG_MS);
  expect(database.stored).toEqual(lines(0, 1005).filter((line) => !bad.includes(line)));
  expect(writer.accounting).toMatchObject({ written: 1003, spooled: 0, dropped: 2 });
  expect(writer.problem).toContain(`the answer is ${status} (these points are not stored`);
  expect(database.writes.length).toBeLessThan(60);
});

test('a database that refuses everything is not asked for each line', async () => {
  await using setting = await Setting.open();
  setting.database.answer = () => 400;
  await using writer = await setting.writer();
  writer.add(lines(0, 3000));
  await writer.drain(LONG_MS);
  expect(writer.accounting).toMatchObject({ written: 0, spooled: 0, dropped: 3000 });
  expect(setting.database.writes.length).toBeLessThan(50);
});

test('a batch that is too large is halved until it fits, and so are those that follow', async () => {
  await using setting = await Setting.open();
  const { database } = setting;
  await using writer = await setting.writer();
  database.answer = (batch) => (batch.length > 30 ? 413 : 204);
  writer.add(lines(0, 100));
  writer.add(lines(100, 150));
  await writer.drain(LONG_MS);
  expect(database.stored).toEqual(lines(0, 150));
  expect(database.writes.map((write) => write.lines.length)).toEqual([100, 50, 25, 25, 25, 25, 25, 25]);
  expect(writer.accounting).toEqual({ written: 150, spooled: 0, dropped: 0 });
});

test('a single point that is too large is dropped', async () => {
  await using setting = await Setting.open();
  const { database } = setting;
  await using writer = await setting.writer();
  database.answer = (batch) => (batch.includes('m v=3i 3') ? 413 : 204);
  writer.add(lines(0, 8));
  await writer.drain(LONG_MS);
  expect(database.stored).toEqual([...lines(0, 3), ...lines(4, 8)]);
  expect(writer.accounting).toMatchObject({ written: 7, spooled: 0, dropped: 1 });
});

test('order is kept when batches from the spool are too large, and the database fails in between', async () => {
  await using setting = await Setting.open();
  const { database } = setting;
  await using writer = await setting.writer();
  database.answer = () => 503;
  writer.add(lines(0, 20));
  await database.answered(2);
  writer.add(lines(20, 40));
  await database.answered(3);
  let calls = 0;
  database.answer = (batch) => {
    calls += 1;
    return calls % 4 === 0 ? 503 : batch.length > 6 ? 413 : 204;
  };
  writer.add(lines(40, 60));
  await writer.drain(LONG_MS);
  expect(database.stored).toEqual(lines(0, 60));
  expect(writer.accounting).toEqual({ written: 60, spooled: 0, dropped: 0 });
  expect(await setting.spooledFiles()).toBe(0);
});

test('of a batch that was sent in parts the rest goes to the spool', async () => {
  await using setting = await Setting.open();
  const { database } = setting;
  await using writer = await setting.writer();
  database.answer = (batch) => (batch.length > 10 ? 413 : batch.includes('m v=0i 0') ? 204 : 503);
  writer.add(lines(0, 20));
  await writer.drain(50);
  expect(writer.accounting).toMatchObject({ written: 10, spooled: 10, dropped: 0 });

  database.answer = () => 204;
  await using later = await setting.writer();
  await later.drain(LONG_MS);
  expect(database.stored).toEqual(lines(0, 20));
});

test('a batch from the spool that was sent in parts counts by its parts, and is whole for a later process', async () => {
  await using setting = await Setting.open();
  const { database } = setting;
  const spool = await Spool.open({ dir: setting.dir });
  await spool.push(lines(0, 20));
  await using writer = new InfluxWriter(database.plan, spool, { firstRetryMs: 5 });
  database.answer = (batch) => (batch.length > 10 ? 413 : batch.includes('m v=0i 0') ? 204 : 503);
  await writer.drain(50);
  expect(writer.accounting).toMatchObject({ written: 10, spooled: 10, dropped: 0 });
  database.answer = () => 204;
  await using later = await setting.writer();
  await later.drain(LONG_MS);
  expect(new Set(database.stored)).toEqual(new Set(lines(0, 20)));
});

test('a drain does not wait for the next retry', async () => {
  await using setting = await Setting.open();
  const { database } = setting;
  const spool = await Spool.open({ dir: setting.dir });
  await using writer = new InfluxWriter(database.plan, spool, { firstRetryMs: 60_000 });
  database.answer = () => 503;
  writer.add(lines(0, 5));
  await database.answered(1);
  while (spool.isEmpty) await new Promise(setImmediate);
  database.answer = () => 204;
  await writer.drain(60_000);
  expect(database.stored).toEqual(lines(0, 5));
});

test('a batch that vanished from the disk is counted as dropped, and the rest is written', async () => {
  await using setting = await Setting.open();
  const { database } = setting;
  const spool = await Spool.open({ dir: setting.dir });
  await spool.push(lines(0, 5));
  await spool.push(lines(5, 10));
  const [oldest = ''] = (await readdir(setting.dir)).sort();
  await rm(join(setting.dir, oldest));

  await using writer = new InfluxWriter(database.plan, spool);
  await writer.drain(LONG_MS);
  expect(database.stored).toEqual(lines(5, 10));
  expect(writer.accounting).toMatchObject({ written: 5, spooled: 0, dropped: 5 });
  expect(writer.problem).toMatch(/^the spool cannot be read: ENOENT/);
});

test('what is left is packed, and making room gives up the newest', async () => {
  await using setting = await Setting.open();
  await using writer = await setting.writer(await absentDatabase());
  writer.add(lines(0, 10));
  writer.add(lines(10, 15));
  await writer.drain(20);
  expect(await writer.makeRoom()).toBe(true);
  expect(writer.accounting).toMatchObject({ written: 0, spooled: 10, dropped: 5 });
  expect(writer.problem).toContain('the disk is full');
  const packed = join(setting.dir, 'points.lp.gz');
  await writer.pack(packed);
  expect(gunzipSync(await readFile(packed)).toString()).toBe(`${lines(0, 10).join('\n')}\n`);
  expect(writer.accounting).toMatchObject({ written: 0, spooled: 10, dropped: 5 });
  expect(await readdir(setting.dir)).toEqual(['points.lp.gz']);
  expect(await writer.makeRoom()).toBe(false);
});

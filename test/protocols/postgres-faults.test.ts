import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { postgresCodec } from '../../proxy-image/src/protocols/postgres.ts';
import { type PostgresServer, postgresAvailable, startPostgresServer } from '../servers/postgres.ts';
import { CodecTap } from './codec-tap.ts';

describe.skipIf(!postgresAvailable())('PostgreSQL with injected errors', () => {
  let server: PostgresServer;
  let tap: CodecTap;

  beforeAll(async () => {
    server = await startPostgresServer();
    const admin = await connect(server);
    await admin.query('CREATE TABLE items (name text)');
    await admin.end();
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    tap = await CodecTap.open(postgresCodec.codec({}), server);
  });

  afterEach(async () => {
    await tap[Symbol.asyncDispose]();
    expect(tap.problems).toEqual([]);
  });

  async function connect({ host, port }: { host: string; port: number } = tap.address): Promise<pg.Client> {
    const { user, password, database } = server;
    const client = new pg.Client({ host, port, user, password, database });
    await client.connect();
    return client;
  }

  /** Everything was understood, and answered. */
  async function allWasFound(): Promise<void> {
    await tap.ended();
    expect({ opaque: tap.opaque, waiting: tap.waiting }).toEqual({ opaque: 0, waiting: 0 });
  }

  /** Items that another connection sees. */
  async function items(name: string): Promise<number> {
    const client = await connect(server);
    const { rowCount } = await client.query('SELECT 1 FROM items WHERE name = $1', [name]);
    await client.end();
    return rowCount ?? 0;
  }

  test.each(['before', 'forwarded'] as const)('an error %s the server fails the transaction', async (point) => {
    const client = await connect();
    const name = `failed ${point}`;
    await client.query('BEGIN');
    await client.query('INSERT INTO items (name) VALUES ($1)', [name]);
    tap.fault = ({ operation }) => (operation === 'INSERT' ? point : undefined);
    await expect(client.query('INSERT INTO items (name) VALUES ($1)', [name])).rejects.toMatchObject({
      code: '57014',
      message: expect.stringContaining('f1'),
    });
    for (const text of ['SELECT 1', 'SELECT $1::int']) {
      const values = text.includes('$') ? { text, values: [1] } : text;
      await expect(client.query(values)).rejects.toMatchObject({ code: '25P02' });
    }
    expect((await client.query('COMMIT')).command).toBe('ROLLBACK');
    expect(await items(name)).toBe(0);
    tap.fault = undefined;
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await client.end();
    await allWasFound();
  });

  test('a savepoint brings a failed transaction back', async () => {
    const client = await connect();
    await client.query("BEGIN; INSERT INTO items (name) VALUES ('kept')");
    await client.query('SAVEPOINT a');
    tap.fault = ({ operation }) => (operation === 'INSERT' ? 'before' : undefined);
    await expect(client.query("INSERT INTO items (name) VALUES ('kept')")).rejects.toMatchObject({ code: '57014' });
    await client.query('ROLLBACK TO a');
    expect((await client.query('COMMIT')).command).toBe('COMMIT');
    expect(await items('kept')).toBe(1);
    await client.end();
    await allWasFound();
  });

  test('a prepared COMMIT of a failed transaction rolls back, and is there the next time', async () => {
    const client = await connect();
    const commit = { name: 'commit', text: 'COMMIT' };
    for (const command of ['ROLLBACK', 'COMMIT']) {
      await client.query('BEGIN');
      tap.fault = ({ operation }) => (operation === 'INSERT' && command === 'ROLLBACK' ? 'before' : undefined);
      await client.query("INSERT INTO items (name) VALUES ('prepared')").catch(() => undefined);
      expect((await client.query(commit)).command).toBe(command);
    }
    expect(await items('prepared')).toBe(1);
    await client.end();
    await allWasFound();
  });

  test('an error in the place of the answer leaves the work done', async () => {
    const client = await connect();
    tap.fault = ({ operation }) => (operation === 'INSERT' ? 'forwarded' : undefined);
    await expect(client.query("INSERT INTO items (name) VALUES ('done')")).rejects.toMatchObject({ code: '57014' });
    expect(await items('done')).toBe(1);
    tap.fault = ({ operation }) => (operation === 'BEGIN' ? 'forwarded' : undefined);
    await expect(client.query('BEGIN')).rejects.toMatchObject({ code: '57014' });
    await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '25P02' });
    await client.query('ROLLBACK');
    await client.query('SELECT 1');
    await client.end();
    await allWasFound();
  });
});

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { message } from '../../proxy-image/src/protocols/postgres/messages.ts';
import * as wire from '../../proxy-image/src/protocols/postgres/wire.test.support.ts';
import { postgresCodec } from '../../proxy-image/src/protocols/postgres.ts';
import { type PostgresServer, postgresAvailable, startPostgresServer } from '../servers/postgres.ts';
import { type Account, accountOf, serverDirectory } from '../servers/server-process.ts';
import { CodecTap } from './codec-tap.ts';
import { RawClient } from './raw-client.ts';

const MIB = 2 ** 20;
const run = promisify(execFile);

describe.skipIf(!postgresAvailable())('PostgreSQL', () => {
  let server: PostgresServer;
  let tap: CodecTap;

  beforeAll(async () => {
    server = await startPostgresServer();
    const { host, port, user, password, database } = server;
    const admin = new pg.Client({ host, port, user, password, database });
    await admin.connect();
    await admin.query(`
      CREATE TABLE items (id serial PRIMARY KEY, name text);
      CREATE ROLE trusted LOGIN SUPERUSER;
      CREATE ROLE by_password LOGIN PASSWORD 'pass-word';
      SET password_encryption = 'md5';
      CREATE ROLE by_md5 LOGIN PASSWORD 'pass-word'`);
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

  async function connect(user = server.user): Promise<pg.Client> {
    const { password, database } = server;
    const client = new pg.Client({ ...tap.address, user, password, database });
    await client.connect();
    return client;
  }

  /** Everything was understood, and answered. */
  async function allWasFound(): Promise<void> {
    await tap.ended();
    expect({ opaque: tap.opaque, waiting: tap.waiting }).toEqual({ opaque: 0, waiting: 0 });
  }

  test.each(['loads', 'by_md5', 'by_password', 'trusted'])('the login of %s is no request', async (user) => {
    const client = await connect(user);
    expect((await client.query('SELECT current_user AS me')).rows).toEqual([{ me: user }]);
    await client.end();
    await allWasFound();
    expect(tap.requests.map(({ operation, judged }) => [operation, judged])).toEqual([
      ['CONNECT', false],
      ['SELECT', true],
      ['TERMINATE', false],
    ]);
  });

  test('a login that fails is answered', async () => {
    const client = new pg.Client({ ...tap.address, user: 'loads', password: 'wrong', database: 'postgres' });
    await expect(client.connect()).rejects.toMatchObject({ code: '28P01' });
    await allWasFound();
    expect(tap.operations).toEqual([]);
  });

  test('queries with and without parameters, errors, and prepared statements', async () => {
    const client = await connect();
    await client.query('SELECT 1; SELECT 2');
    await client.query('INSERT INTO items (name) VALUES ($1)', ['secret-name']);
    await expect(client.query('SELECT nothing')).rejects.toMatchObject({ code: '42703' });
    await expect(client.query('UPDATE nothing SET a = $1', [1])).rejects.toMatchObject({ code: '42P01' });
    for (const id of [1, 2])
      await client.query({ name: 'one', text: 'SELECT * FROM items WHERE id = $1', values: [id] });
    await client.query("DO $$ BEGIN RAISE NOTICE 'hm'; END $$");
    await client.query('');
    await client.end();
    await allWasFound();
    expect(tap.operations).toEqual(['SELECT', 'INSERT', 'SELECT', 'UPDATE', 'SELECT', 'SELECT', 'DO', 'QUERY']);
    expect(JSON.stringify(tap.requests)).not.toContain('secret-name');
  });

  test('big values go through unchanged', async () => {
    const client = await connect();
    const value = 'äx'.repeat(3 * MIB);
    expect((await client.query('SELECT $1::text AS value', [value])).rows[0].value).toBe(value);
    expect((await client.query(`SELECT '${value}' AS value`)).rows[0].value).toBe(value);
    expect((await client.query('SELECT * FROM generate_series(1, 20000)')).rows).toHaveLength(20_000);
    await client.end();
    await allWasFound();
    expect(tap.operations).toEqual(['SELECT', 'SELECT', 'SELECT']);
  });

  test('notifications come unasked, between requests and among them', async () => {
    const [listener, notifier] = [await connect(), await connect()];
    const payloads: unknown[] = [];
    listener.on('notification', ({ payload }) => payloads.push(payload));
    await listener.query('LISTEN news');
    const told = once(listener, 'notification');
    await notifier.query("NOTIFY news, 'one'");
    await told;
    await listener.query("NOTIFY news, 'two'");
    expect(payloads).toEqual(['one', 'two']);
    for (const client of [listener, notifier]) await client.end();
    await allWasFound();
  });

  test('a connection that the server ends', async () => {
    const [victim, other] = [await connect(), await connect()];
    const { rows } = await victim.query('SELECT pg_backend_pid() AS pid');
    const ended = once(victim, 'error');
    // Then the end of the connection is another one.
    victim.on('error', () => {});
    await other.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
    expect((await ended)[0]).toMatchObject({ code: '57P01' });
    await other.end();
    await allWasFound();
  });

  test('a pool with transactions', async () => {
    const { user, password, database } = server;
    const pool = new pg.Pool({ ...tap.address, user, password, database, max: 4 });
    const transaction = async (): Promise<void> => {
      const client = await pool.connect();
      await client.query('BEGIN');
      await client.query('INSERT INTO items (name) VALUES ($1)', ['x']);
      await client.query('COMMIT');
      client.release();
    };
    await Promise.all(Array.from({ length: 20 }, transaction));
    await pool.end();
    await allWasFound();
    expect(tap.operations.filter((operation) => operation === 'INSERT')).toHaveLength(20);
    expect(tap.operations).toHaveLength(60);
  });

  /** Runs a program of PostgreSQL against the tap. */
  async function runProgram(name: string, ...args: string[]): Promise<string> {
    const { host, port } = tap.address;
    const env = { PGPASSWORD: server.password, PGSSLMODE: 'prefer', LC_ALL: 'C' };
    const address = ['-h', host, '-p', String(port), '-U', server.user, '-d', server.database];
    const account: Account = accountOf('postgres') ?? {};
    return (await run(join(server.programs, name), [...address, ...args], { env, ...account })).stdout;
  }

  test('psql: asks for encryption, which is refused, and copies in and out', async () => {
    await using directory = await serverDirectory('psql', accountOf('postgres') ?? {});
    const file = join(directory.path, 'names');
    await writeFile(file, 'a\nb\nc\n', { mode: 0o644 });
    const copy = `\\copy copied (name) from '${file}'`;
    const commands = ['CREATE TABLE copied (name text)', copy, 'COPY copied TO STDOUT', 'DROP TABLE copied'];
    expect(await runProgram('psql', ...commands.flatMap((command) => ['-c', command]))).toContain('a\nb\nc\n');
    await allWasFound();
    expect(tap.requests[0]).toMatchObject({ operation: 'SSLREQUEST', judged: false });
    expect(tap.operations).toEqual(['CREATE', 'COPY', 'COPY', 'DROP']);
  });

  test.each(['simple', 'extended', 'prepared'])('pgbench, %s', async (mode) => {
    await using directory = await serverDirectory('pgbench', accountOf('postgres') ?? {});
    const file = join(directory.path, 'script');
    const script = ['BEGIN;', "INSERT INTO items (name) VALUES ('x');", 'SELECT count(*) FROM items;', 'COMMIT;'];
    await writeFile(file, script.join('\n'), { mode: 0o644 });
    await runProgram('pgbench', '-n', '-c', '2', '-t', '5', '-M', mode, '-f', file);
    await allWasFound();
    const wanted = Array.from({ length: 10 }, () => ['BEGIN', 'INSERT', 'SELECT', 'COMMIT']).flat();
    const found = tap.operations.filter((operation) => wanted.includes(operation));
    // In the prepared mode each statement is prepared before.
    expect(found.length).toBeGreaterThanOrEqual(wanted.length);
  });

  test('pgbench with pipelines: libpq sends a batch of statements up to one Sync', async () => {
    await using directory = await serverDirectory('pgbench', accountOf('postgres') ?? {});
    const file = join(directory.path, 'script');
    const statements = ['BEGIN;', "INSERT INTO items (name) VALUES ('x');", 'SELECT 1;', 'COMMIT;'];
    await writeFile(file, ['\\startpipeline', ...statements, '\\endpipeline'].join('\n'), { mode: 0o644 });
    await runProgram('pgbench', '-n', '-c', '2', '-t', '5', '-M', 'extended', '-f', file);
    await allWasFound();
    expect(tap.operations.filter((operation) => operation === 'INSERT')).toHaveLength(10);
  });

  test('pg_dump', async () => {
    expect(await runProgram('pg_dump', '--data-only')).toContain('COPY public.items');
    await allWasFound();
  });

  /** Starts a connection that needs no password. */
  async function startRaw(parameters: string): Promise<RawClient> {
    const client = await RawClient.connect(tap.address);
    client.send(wire.untyped(196608, `user\0trusted\0${parameters}\0\0`));
    await client.until(READY, 1);
    return client;
  }

  test('a replication stream is opaque, and goes on', async () => {
    {
      using client = await startRaw('replication\0true');
      client.send(wire.q('START_REPLICATION PHYSICAL 0/1000000'));
      await client.until('W\0\0\0\x07');
      await client.until('d\0');
    }
    await tap.ended();
    expect(tap.opaque).toBe(1);
  });

  test('pipelined batches, Flush, and COPY in the extended protocol', async () => {
    using client = await startRaw('database\0postgres');
    const { q, batch, parse, bind, describe, execute, flush, sync, copyData, copyDone, close } = wire;
    client.send(Buffer.concat([q('BEGIN'), batch('SELECT 1'), batch('SELECT 2'), q('COMMIT')]));
    for (const status of 'TTTI') expect((await client.until(READY, 1)).at(-1)).toBe(status);
    client.send(Buffer.concat([parse('SELECT * FROM generate_series(1, 3)'), bind(), describe('P'), flush]));
    await client.until(`${PARSED}${BOUND}T`);
    for (const _ of [1, 2]) {
      client.send(Buffer.concat([message('E', '\0\0\0\0\x01'), flush]));
      await client.until(SUSPENDED);
    }
    client.send(Buffer.concat([close('P'), sync]));
    await client.until(READY, 1);
    client.send(Buffer.concat([parse('SELEC 1'), flush]));
    await client.until('C42601\0');
    client.send(Buffer.concat([bind(), execute(), flush, sync]));
    await client.until(READY, 1);
    client.send(batch('COPY items (name) FROM STDIN'));
    await client.until('G\0\0\0');
    client.send(Buffer.concat([copyData('copied\n'), copyDone, sync, batch('SELECT 3')]));
    await client.until('COPY 1\0');
    for (const _ of [1, 2]) await client.until(READY, 1);
    client.send(batch('COPY items (name) FROM STDIN'));
    await client.until('G\0\0\0');
    client.send(Buffer.concat([message('f', 'no\0'), sync]));
    await client.until('C57014\0');
    await client.until(READY, 1);
    client.send(message('X'));
    await allWasFound();
    const begun = ['BEGIN', 'SELECT', 'SELECT', 'COMMIT'];
    expect(tap.operations).toEqual([...begun, 'SELECT', 'QUERY', 'COPY', 'SELECT', 'COPY']);
  });
});

const READY = 'Z\0\0\0\x05';
const PARSED = '1\0\0\0\x04';
const BOUND = '2\0\0\0\x04';
const SUSPENDED = 's\0\0\0\x04';

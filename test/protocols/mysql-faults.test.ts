import { Readable } from 'node:stream';
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rule, startTestProxy } from '../../proxy-image/src/proxy/peers.test.support.ts';
import type { RunningProxy } from '../../proxy-image/src/proxy/start-proxy.ts';
import { type MysqlServer, mysqlAvailable, startMysqlServer } from '../servers/mysql.ts';

const LONG = 'x'.repeat(17 * 2 ** 20);

describe.skipIf(!mysqlAvailable())('faults in front of MariaDB', () => {
  let server: MysqlServer;

  beforeAll(async () => {
    server = await startMysqlServer();
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  function connectTo({ address }: RunningProxy): Promise<Connection> {
    const { user, password, database } = server;
    return mysql.createConnection({ ...address, user, password, database });
  }

  async function valuesOf(connection: Connection, table: string): Promise<unknown[]> {
    const [rows] = await connection.query<RowDataPacket[]>(`SELECT a FROM ${table} ORDER BY a`);
    return rows.map(({ a }) => a);
  }

  function load(connection: Connection, table: string, lines: string): Promise<unknown> {
    const sql = `LOAD DATA LOCAL INFILE 'rows' INTO TABLE ${table}`;
    return connection.query({ sql, infileStreamFactory: () => Readable.from([Buffer.from(lines)]) });
  }

  test('errors are the server’s own to a client, and the connection stays', async () => {
    await using served = await startTestProxy('mysql', server);
    const { proxy, faults } = served;
    const connection = await connectTo(proxy);
    await connection.query('CREATE TABLE before_t (a INT)');
    proxy.setRules([rule('locks', 'error')]);
    const timeout = { errno: 1205, code: 'ER_LOCK_WAIT_TIMEOUT', sqlState: 'HY000' };
    const insert = connection.query('INSERT INTO before_t VALUES (1)');
    await expect(insert).rejects.toMatchObject({ ...timeout, message: expect.stringContaining('vaurien fault') });
    await expect(connection.execute('INSERT INTO before_t VALUES (?)', [2])).rejects.toMatchObject(timeout);
    await expect(connection.query(`SELECT '${LONG}'`)).rejects.toMatchObject(timeout);
    await expect(load(connection, 'before_t', '3\n')).rejects.toMatchObject(timeout);
    await expect(connection.ping()).rejects.toMatchObject(timeout);
    proxy.setRules([]);
    expect(await valuesOf(connection, 'before_t')).toEqual([]);
    await connection.end();
    expect(faults.map(({ point }) => point)).toEqual(Array(5).fill('before'));
  });

  test('an error in the place of the answer leaves the work done', async () => {
    await using served = await startTestProxy('mysql', server);
    const connection = await connectTo(served.proxy);
    await connection.query('CREATE TABLE after_t (a INT)');
    served.proxy.setRules([rule('locks', 'error', { code: 'ER_QUERY_INTERRUPTED', point: 'forwarded' })]);
    const interrupted = { errno: 1317, sqlState: '70100' };
    await expect(connection.query('INSERT INTO after_t VALUES (1)')).rejects.toMatchObject(interrupted);
    // The server's question for the file passes, and its answer is replaced.
    await expect(load(connection, 'after_t', '2\n')).rejects.toMatchObject(interrupted);
    await expect(connection.query(`INSERT INTO after_t SELECT 3 WHERE '${LONG}' > ''`)).rejects.toMatchObject(
      interrupted,
    );
    await expect(connection.query(`SELECT REPEAT('y', 17000000)`)).rejects.toMatchObject(interrupted);
    served.proxy.setRules([]);
    expect(await valuesOf(connection, 'after_t')).toEqual([1, 2, 3]);
    await connection.end();
  });

  test.each(['before', 'forwarded'])('a deadlock (%s) rolls the transaction back on the server too', async (point) => {
    await using served = await startTestProxy('mysql', server);
    const connection = await connectTo(served.proxy);
    await connection.query('CREATE OR REPLACE TABLE dead_t (a INT) ENGINE=InnoDB');
    const deadlock = { errno: 1213, sqlState: '40001' };
    const failHalfway = async (): Promise<void> => {
      await connection.beginTransaction();
      await connection.query('INSERT INTO dead_t VALUES (1)');
      served.proxy.setRules([rule('deadlock', 'error', { code: 1213, point })]);
      await expect(connection.query('INSERT INTO dead_t VALUES (2)')).rejects.toMatchObject(deadlock);
      served.proxy.setRules([]);
    };

    // As a client should: again from the beginning.
    await failHalfway();
    await connection.beginTransaction();
    await connection.query('INSERT INTO dead_t VALUES (3)');
    await connection.rollback();
    expect(await valuesOf(connection, 'dead_t')).toEqual([]);

    await failHalfway();
    await connection.rollback();
    await failHalfway();
    await connection.commit();
    expect(await valuesOf(connection, 'dead_t')).toEqual([]);

    // As it should not: on with the statement.
    await failHalfway();
    await expect(connection.execute('INSERT INTO dead_t VALUES (?)', [4])).rejects.toMatchObject(deadlock);
    await connection.execute('INSERT INTO dead_t VALUES (?)', [5]);
    expect(await valuesOf(connection, 'dead_t')).toEqual([5]);
    await connection.end();
  });

  test('an error that ends connections does', async () => {
    await using served = await startTestProxy('mysql', server);
    const connection = await connectTo(served.proxy);
    const closed = new Promise((resolve) => connection.on('error', resolve));
    served.proxy.setRules([rule('shutdown', 'error', { code: 1053 })]);
    await expect(connection.query('SELECT 1')).rejects.toMatchObject({ errno: 1053, sqlState: '08S01' });
    await closed;
  });
});

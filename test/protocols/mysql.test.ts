import { execFile } from 'node:child_process';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import mysql, { type Connection, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packet } from '../../proxy-image/src/protocols/mysql/packets.ts';
import { type MysqlServer, mysqlAvailable, startMysqlServer } from '../servers/mysql.ts';
import { until } from '../support/until.ts';
import { Tap } from './mysql-tap.ts';
import { RawMysqlClient } from './raw-mysql-client.ts';

const MIB = 2 ** 20;
const DEPRECATE_EOF = 0x100_0000;
const PROGRESS = 1 << 0;
const BULK = 1 << 2;
const CACHE_METADATA = 1 << 4;

describe.skipIf(!mysqlAvailable())('MariaDB', () => {
  let server: MysqlServer;

  beforeAll(async () => {
    server = await startMysqlServer();
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  function connectTo(tap: Tap, options: mysql.ConnectionOptions = {}): Promise<Connection> {
    const { user, password, database } = server;
    return mysql.createConnection({ ...tap.address, user, password, database, ...options });
  }

  /** Every byte of the server's belongs to an answer, and every request has one. */
  async function expectAllAnswered(tap: Tap): Promise<void> {
    for (const connection of tap.connections) {
      const { driver } = connection;
      await until(() => driver.pending.length === 0, `not answered: ${driver.pending[0]?.operation}`);
      expect(connection.problem).toBeUndefined();
      expect(driver.opaque).toBe(false);
      const answers = driver.found.filter(({ event }) => /^(answered|unasked)/.test(event));
      expect(answers.at(-1)?.at).toBe(connection.received);
    }
  }

  test('statements as text: results, errors, several at once', async () => {
    await using tap = await Tap.open(server);
    const connection = await connectTo(tap, { multipleStatements: true });
    await connection.query('CREATE TABLE text_t (a INT PRIMARY KEY, b VARCHAR(20))');
    await connection.query("INSERT INTO text_t VALUES (1, ''), (2, NULL), (3, 'three')");
    const [rows] = await connection.query<RowDataPacket[]>('SELECT * FROM text_t ORDER BY a');
    expect(rows).toHaveLength(3);
    await connection.query('SELECT * FROM text_t WHERE a > 7');
    await expect(connection.query('INSERT INTO text_t VALUES (1, 1)')).rejects.toMatchObject({ errno: 1062 });
    await expect(connection.query('SELEKT 1')).rejects.toMatchObject({ errno: 1064 });
    const [results] = await connection.query('SELECT 1; SET @a = 2; SELECT @a, 3; DELETE FROM text_t WHERE a = 9');
    expect(results).toHaveLength(4);
    await expect(connection.query('SELECT 1; SELECT * FROM nowhere; SELECT 2')).rejects.toMatchObject({ errno: 1146 });
    await connection.query('CREATE PROCEDURE text_p() BEGIN SELECT 1; SELECT 2; END');
    expect((await connection.query('CALL text_p()'))[0]).toHaveLength(3);
    // A row with an error after it: what comes first is on its way already.
    await expect(
      connection.query('SELECT a, (SELECT b FROM text_t WHERE text_t.a >= s.a - 1) FROM (SELECT 4 a UNION SELECT 1) s'),
    ).rejects.toMatchObject({ errno: 1242 });
    await connection.ping();
    await connection.changeUser({ database: 'shop' });
    await connection.end();
    await tap.ended();
    await expectAllAnswered(tap);
    expect(tap.operations).toEqual([
      ...['handshake', 'CREATE', 'INSERT', 'SELECT', 'SELECT', 'INSERT', 'COM_QUERY', 'SELECT', 'SELECT', 'CREATE'],
      ...['CALL', 'SELECT', 'COM_PING', 'COM_CHANGE_USER', 'COM_QUIT'],
    ]);
  });

  test('prepared statements, transactions', async () => {
    await using tap = await Tap.open(server);
    const connection = await connectTo(tap);
    await connection.query('CREATE TABLE prepared_t (a INT PRIMARY KEY, b BLOB)');
    await connection.beginTransaction();
    for (const a of [1, 2]) await connection.execute('INSERT INTO prepared_t VALUES (?, ?)', [a, 'x']);
    await connection.commit();
    await connection.beginTransaction();
    await connection.execute('DELETE FROM prepared_t WHERE a = ?', [1]);
    await connection.rollback();
    const [rows] = await connection.execute<RowDataPacket[]>('SELECT a, b FROM prepared_t WHERE a < ?', [9]);
    expect(rows).toHaveLength(2);
    await expect(connection.execute('INSERT INTO prepared_t VALUES (?, ?)', [1, null])).rejects.toMatchObject({
      errno: 1062,
    });
    await expect(connection.prepare('SELECT nothing FROM prepared_t')).rejects.toMatchObject({ errno: 1054 });
    const statement = await connection.prepare('SELECT COUNT(*) FROM prepared_t');
    await statement.execute([]);
    await statement.close();
    await connection.unprepare('DELETE FROM prepared_t WHERE a = ?');
    await connection.end();
    await tap.ended();
    await expectAllAnswered(tap);
    expect(tap.operations).toEqual([
      ...['handshake', 'CREATE', 'START', 'INSERT', 'INSERT', 'INSERT', 'COMMIT'],
      ...['START', 'DELETE', 'DELETE', 'ROLLBACK', 'SELECT', 'SELECT', 'INSERT', 'SELECT'],
      ...['SELECT', 'SELECT', 'COM_STMT_CLOSE', 'COM_STMT_CLOSE', 'COM_STMT_CLOSE', 'COM_QUIT'],
    ]);
  });

  test('values of 1 MiB, and of more than a packet', async () => {
    await using tap = await Tap.open(server);
    const connection = await connectTo(tap);
    await connection.query('CREATE TABLE big_t (a INT PRIMARY KEY, b LONGBLOB)');
    for (const [a, bytes] of [MIB, 2 ** 24 - 1, 17 * MIB].entries()) {
      const value = Buffer.alloc(bytes, 'x');
      await connection.query('INSERT INTO big_t VALUES (?, ?)', [a, value]);
      await connection.execute('UPDATE big_t SET b = ? WHERE a = ?', [value, a]);
      const [rows] = await connection.query<RowDataPacket[]>('SELECT b FROM big_t WHERE a = ?', [a]);
      expect(rows[0]?.b).toHaveLength(bytes);
      const [again] = await connection.execute<RowDataPacket[]>('SELECT b, a FROM big_t WHERE a = ?', [a]);
      expect(again[0]?.b).toHaveLength(bytes);
    }
    const [many] = await connection.query<RowDataPacket[]>("SELECT seq, REPEAT('y', 100) FROM seq_1_to_20000");
    expect(many).toHaveLength(20_000);
    await connection.end();
    await tap.ended();
    await expectAllAnswered(tap);
    const once = ['INSERT', 'UPDATE', 'UPDATE', 'SELECT', 'SELECT', 'SELECT'];
    expect(tap.operations).toEqual([
      ...[
        'handshake',
        'CREATE',
        ...once,
        'INSERT',
        'UPDATE',
        'SELECT',
        'SELECT',
        'INSERT',
        'UPDATE',
        'SELECT',
        'SELECT',
      ],
      ...['SELECT', 'COM_QUIT'],
    ]);
  });

  test('a local file', async () => {
    await using tap = await Tap.open(server);
    const lines = Array.from({ length: 5000 }, (_, n) => `${n},${'z'.repeat(50)}\n`);
    const connection = await connectTo(tap, { multipleStatements: true });
    await connection.query('CREATE TABLE file_t (a INT PRIMARY KEY, b VARCHAR(50))');
    const load = (sql: string, from: readonly string[]): Promise<unknown> =>
      connection.query({ sql, infileStreamFactory: () => Readable.from(from.map((line) => Buffer.from(line))) });
    const sql = "LOAD DATA LOCAL INFILE 'rows.csv' INTO TABLE file_t FIELDS TERMINATED BY ','";
    const [done] = (await load(sql, lines)) as [ResultSetHeader, unknown];
    expect(done.affectedRows).toBe(5000);
    await load(sql, []);
    await expect(load(sql.replace('file_t', 'nowhere'), lines)).rejects.toMatchObject({ errno: 1146 });
    await load(`SELECT 1; ${sql}; SELECT 2`, ['9000,x\n']);
    await connection.end();
    await tap.ended();
    await expectAllAnswered(tap);
    expect(tap.operations).toEqual(['handshake', 'CREATE', 'LOAD', 'LOAD', 'LOAD', 'SELECT', 'COM_QUIT']);
    expect(tap.connections[0]?.driver.found.filter(({ event }) => event === 'continued').length).toBeGreaterThan(2);
  });

  test('a pool: many connections, resets, a refused login', async () => {
    await using tap = await Tap.open(server);
    const { user, password, database } = server;
    const pool = mysql.createPool({
      ...tap.address,
      user,
      password,
      database,
      connectionLimit: 3,
      resetOnRelease: true,
    });
    await Promise.all(Array.from({ length: 12 }, (_, n) => pool.query('SELECT ?', [n])));
    const one = await pool.getConnection();
    await one.changeUser({ user, password, database });
    await one.query('SELECT 1');
    one.release();
    await pool.end();
    await expect(connectTo(tap, { password: 'wrong' })).rejects.toMatchObject({ errno: 1045 });
    await expectAllAnswered(tap);
    expect(tap.connections).toHaveLength(4);
    expect(tap.operations.filter((operation) => operation === 'SELECT')).toHaveLength(13);
    expect(tap.operations).toContain('COM_CHANGE_USER');
    expect(tap.operations).toContain('COM_RESET_CONNECTION');
    expect(tap.requests.filter(({ judged, operation }) => !judged && operation === 'handshake')).toHaveLength(4);
  });

  test('compression makes a connection unreadable', async () => {
    await using tap = await Tap.open(server);
    const connection = await connectTo(tap, { compress: true });
    expect((await connection.query<RowDataPacket[]>('SELECT 1 AS a'))[0]).toEqual([{ a: 1 }]);
    await connection.end();
    expect(tap.connections[0]?.driver).toMatchObject({ opaque: true, requests: [] });
    expect(tap.connections[0]?.problem).toBeUndefined();
  });

  test('the server’s own client, which is switched to another plug-in', async () => {
    await using tap = await Tap.open(server);
    const { host, port } = tap.address;
    const { stdout } = await promisify(execFile)(
      'mariadb',
      [
        ...['--no-defaults', `--host=${host}`, `--port=${port}`, `--user=${server.switchedUser}`, '--skip-ssl'],
        ...['--batch', '--execute=SELECT 1 AS a; SELECT nothing; ', '--force', server.database],
      ],
      { env: { ...process.env, MYSQL_PWD: server.password } },
    ).catch((error: { stdout: string }) => error);
    expect(stdout).toBe('a\n1\n');
    await expectAllAnswered(tap);
    expect(tap.operations).toEqual(['handshake', 'SELECT', 'SELECT', 'COM_QUIT']);
    expect(tap.connections[0]?.driver.found.map(({ event }) => event)).toContain('continued');
  });

  test.each([
    ['EOF packets', {}],
    ['no EOF packets', { mysql: DEPRECATE_EOF }],
    ['metadata left out', { mariadb: CACHE_METADATA }],
    ['everything left out', { mysql: DEPRECATE_EOF, mariadb: CACHE_METADATA | PROGRESS | BULK }],
  ])('all other commands, with %s', async (_name, flags) => {
    await using tap = await Tap.open(server);
    using client = await RawMysqlClient.connect(tap, server.openUser, flags);
    const command = (...parts: (number | string | Buffer)[]): Buffer =>
      packet(
        0,
        Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : Buffer.from(part)))),
      );
    const id = (value: number): Buffer => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(value);
      return bytes;
    };
    const query = (sql: string): Promise<Buffer> => client.send(command(3, sql));
    const prepare = async (sql: string): Promise<Buffer> => (await client.send(command(0x16, sql))).subarray(5, 9);
    await client.send(command(2, 'shop'));
    await query('CREATE OR REPLACE TABLE raw_t (a INT PRIMARY KEY, b LONGBLOB) ENGINE=InnoDB');
    await query('INSERT INTO raw_t SELECT seq, NULL FROM seq_1_to_300');
    await query('SELECT * FROM raw_t');
    await query('SELECT 1; SELECT * FROM raw_t; DO 1; SELECT 2');
    await query('SELECT a, (SELECT b FROM raw_t r WHERE r.a >= s.a) FROM (SELECT 300 a UNION SELECT 1) s');
    await query('SET SESSION progress_report_time = 1');
    await query('ALTER TABLE raw_t ADD INDEX (a), ALGORITHM=COPY');
    await client.send(command(4, 'raw_t\0%'));
    await client.send(command(4, 'nowhere\0%'));
    await client.send(command(9));
    await client.send(command(0x0a));
    await client.send(command(0x0d));
    await client.send(command(0x0e));
    await client.send(command(0x1b, 1, 0));
    await client.send(command(0x1b, 0, 0));

    // No parameters and no columns, then both, with a cursor whose rows are fetched.
    await prepare('DO 1');
    const select = await prepare('SELECT a, b FROM raw_t WHERE a < ?');
    const ten = Buffer.from([0, 1, 3, 0, 10, 0, 0, 0]);
    for (const cursor of [0, 0, 1]) await client.send(command(0x17, select, cursor, id(1), ten));
    for (const rows of [4, 100]) await client.send(command(0x1c, select, id(rows)));
    await client.send(command(0x1c, select, id(1)));
    await client.send(command(0x1a, select));
    await query('CREATE OR REPLACE PROCEDURE raw_p() BEGIN SELECT 1; SELECT * FROM raw_t; END');
    const call = await prepare('CALL raw_p()');
    await client.send(command(0x17, call, 0, id(1)));

    // Data ahead of an execution, one that was not waited for, a bulk, and an unknown statement.
    const update = await prepare('UPDATE raw_t SET b = ? WHERE a = 1');
    await client.send(
      command(0x18, update, 0, 0, 'x'.repeat(5000)),
      command(0x18, update, 0, 0, 'y'.repeat(5000)),
      command(0x17, update, 0, id(1), 0, 1, 0xfc, 0),
    );
    await client.send(command(0x16, 'SELECT a FROM raw_t'), command(0x17, id(0xffff_ffff), 0, id(1)));
    const insert = await prepare('INSERT INTO raw_t (a) VALUES (?)');
    const twoRows = Buffer.from([128, 0, 3, 0, 0, 0x91, 1, 0, 0, 0, 0x92, 1, 0, 0]);
    await client.send(command(0xfa, insert, twoRows));
    await client.send(command(0x19, insert), command(0x17, insert, 0, id(1)));

    const changed = client.send(command(0x11, `${server.openUser}\0\0shop\0`, 45, 0, 'mysql_native_password\0'));
    // The server asks for the password again, of which there is none.
    await client.received();
    client.write(packet(2, Buffer.alloc(0)));
    await changed;
    await client.send(command(0x1f));
    await client.send(command(0x0c, id(999_999)));
    await client.send(command(0x0e));
    await expectAllAnswered(tap);
    expect(tap.operations).toEqual([
      ...['handshake', 'COM_INIT_DB', 'CREATE', 'INSERT', 'SELECT', 'SELECT', 'SELECT', 'SET', 'ALTER'],
      ...['COM_FIELD_LIST', 'COM_FIELD_LIST', 'COM_STATISTICS', 'COM_PROCESS_INFO', 'COM_DEBUG', 'COM_PING'],
      ...['COM_SET_OPTION', 'COM_SET_OPTION', 'DO', 'SELECT', 'SELECT', 'SELECT', 'SELECT'],
      ...['COM_STMT_FETCH', 'COM_STMT_FETCH', 'COM_STMT_FETCH', 'COM_STMT_RESET', 'CREATE', 'CALL', 'CALL'],
      ...['UPDATE', 'COM_STMT_SEND_LONG_DATA', 'COM_STMT_SEND_LONG_DATA', 'UPDATE', 'SELECT', 'SELECT'],
      ...['INSERT', 'INSERT', 'COM_STMT_CLOSE', 'COM_STMT_EXECUTE'],
      ...['COM_CHANGE_USER', 'COM_RESET_CONNECTION', 'COM_PROCESS_KILL', 'COM_PING'],
    ]);
  });

  test('a connection that is killed ends with an error that nobody asked for, or with none', async () => {
    await using tap = await Tap.open(server);
    const victim = await connectTo(tap);
    const killer = await connectTo(tap);
    const closed = new Promise((resolve) => victim.on('error', resolve));
    await killer.query(`KILL ${victim.threadId}`);
    await closed;
    await killer.end();
    await expectAllAnswered(tap);
  });

  test('replication is not understood', async () => {
    await using tap = await Tap.open(server);
    using client = await RawMysqlClient.connect(tap, server.openUser, {});
    await client.send(packet(0, Buffer.from([0x12, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0])));
    expect(tap.connections[0]?.driver.opaque).toBe(true);
  });
});

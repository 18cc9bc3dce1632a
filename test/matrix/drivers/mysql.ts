import mysql from 'mysql2/promise';
import { type MysqlServer, mysqlAvailable, startMysqlServer } from '../../servers/mysql.ts';
import type { Client, Driver } from '../driver.ts';

/** mysql2 with MariaDB. */
export const mysqlDriver: Driver = {
  protocol: 'mysql',
  missing: () => (mysqlAvailable() ? undefined : 'MariaDB is not installed: Debian package mariadb-server'),
  requests: true,
  operations: { ask: 'SELECT', write: 'INSERT', commit: 'INSERT' },
  code: 1317,
  told(error) {
    if (!(error instanceof Error && 'errno' in error && 'sqlState' in error)) return undefined;
    return { code: Number(error.errno), text: error.message };
  },
  async open() {
    await using stack = new AsyncDisposableStack();
    const server = stack.use(await startMysqlServer());
    const direct = await mysql.createConnection(login(server));
    stack.defer(() => direct.end());
    await direct.query('CREATE TABLE writes (id INT AUTO_INCREMENT PRIMARY KEY)');
    const owned = stack.move();
    return {
      address: server,
      connect: ({ host, port }, timeoutMs) => connectTo({ ...login(server), host, port }, timeoutMs),
      async writes() {
        const [[row]] = await direct.query<mysql.RowDataPacket[]>('SELECT COUNT(*) AS count FROM writes');
        return Number(row?.count);
      },
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  },
};

function login({ host, port, user, password, database }: MysqlServer): mysql.ConnectionOptions {
  return { host, port, user, password, database };
}

async function connectTo(options: mysql.ConnectionOptions, timeout: number): Promise<Client> {
  const connection = await mysql.createConnection(options);
  // That the connection is lost is told to the request too.
  connection.on('error', () => undefined);
  return {
    async ask() {
      const sql = "SELECT REPEAT('x', 1000) AS text";
      const [[row]] = await connection.query<mysql.RowDataPacket[]>({ sql, timeout });
      return String(row?.text);
    },
    async write() {
      await connection.query({ sql: 'INSERT INTO writes VALUES ()', timeout });
    },
    async [Symbol.asyncDispose]() {
      connection.destroy();
    },
  };
}

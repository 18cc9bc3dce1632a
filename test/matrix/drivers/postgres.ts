import pg from 'pg';
import { type PostgresServer, postgresAvailable, startPostgresServer } from '../../servers/postgres.ts';
import type { Client, Driver } from '../driver.ts';

/** pg with PostgreSQL. */
export const postgresDriver: Driver = {
  protocol: 'postgres',
  missing: () => (postgresAvailable() ? undefined : 'PostgreSQL is not installed: Debian package postgresql'),
  requests: true,
  operations: { ask: 'SELECT', write: 'INSERT', commit: 'INSERT' },
  code: '40001',
  told: (error) => (error instanceof pg.DatabaseError ? { code: error.code, text: error.message } : undefined),
  async open() {
    await using stack = new AsyncDisposableStack();
    const server = stack.use(await startPostgresServer());
    const direct = new pg.Client(login(server));
    await direct.connect();
    stack.defer(() => direct.end());
    await direct.query('CREATE TABLE writes (text TEXT)');
    const owned = stack.move();
    return {
      address: server,
      connect: ({ host, port }, timeoutMs) => connectTo({ ...login(server), host, port, query_timeout: timeoutMs }),
      async writes() {
        const { rows } = await direct.query<{ count: string }>('SELECT count(*) FROM writes');
        return Number(rows[0]?.count);
      },
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  },
};

function login({ host, port, user, password, database }: PostgresServer): pg.ClientConfig {
  return { host, port, user, password, database };
}

async function connectTo(config: pg.ClientConfig): Promise<Client> {
  const client = new pg.Client(config);
  // That the connection is lost is told to the request too.
  client.on('error', () => undefined);
  await client.connect();
  return {
    /** A simple query. */
    async ask() {
      const { rows } = await client.query<{ text: string }>("SELECT repeat('x', 1000) AS text");
      return String(rows[0]?.text);
    },
    /** A batch of the extended protocol. */
    async write() {
      await client.query('INSERT INTO writes VALUES ($1)', ['x']);
    },
    async [Symbol.asyncDispose]() {
      // Without a server that answers, `end` would wait for it.
      client.connection.stream.destroy();
    },
  };
}

import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { accountOf, executable, freePort, runAs, serverDirectory, startServer } from './server-process.ts';

const VERSIONS = '/usr/lib/postgresql';
const USER = 'postgres';

export type PostgresServer = AsyncDisposable & {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** A superuser, who logs in with SCRAM. */
  readonly user: string;
  readonly password: string;
  /** Where `psql` and `pgbench` are. */
  readonly programs: string;
};

/** Whether PostgreSQL is installed (Debian: postgresql). */
export function postgresAvailable(): boolean {
  const bin = programs();
  return bin !== undefined && executable(join(bin, 'initdb'), join(bin, 'postgres')) && accountOf(USER) !== undefined;
}

/**
 * Starts a PostgreSQL server of its own on loopback, with its data in a directory that goes with it. Roles named
 * `by_md5`, `by_password` and `trusted`, if a test makes them, log in that way.
 */
export async function startPostgresServer(): Promise<PostgresServer> {
  const bin = programs();
  const account = accountOf(USER);
  if (!bin || !account) throw new Error('PostgreSQL is not installed');
  await using stack = new AsyncDisposableStack();
  const directory = stack.use(await serverDirectory('postgres', account));
  const [user, password, host, port] = ['loads', 'pass-word', '127.0.0.1', await freePort()];
  const data = join(directory.path, 'data');
  const secret = join(directory.path, 'password');
  await writeFile(secret, password, { mode: 0o644 });
  await runAs(account, join(bin, 'initdb'), [
    ...['--no-sync', '--encoding=UTF8', '--locale=C', `--pgdata=${data}`, `--username=${user}`],
    ...['--auth=scram-sha-256', `--pwfile=${secret}`],
  ]);
  await writeFile(join(data, 'pg_hba.conf'), hostAccess());
  const server = await startServer({
    account,
    command: join(bin, 'postgres'),
    args: [
      ...['-D', data, '-c', `port=${port}`, '-c', `listen_addresses=${host}`],
      ...['-c', `unix_socket_directories=${directory.path}`, '-c', 'fsync=off', '-c', 'max_prepared_transactions=5'],
      ...['-c', 'shared_buffers=16MB', '-c', 'max_wal_senders=2', '-c', 'wal_level=replica'],
    ],
    ready: /database system is ready to accept connections/,
  });
  stack.use(server);
  const owned = stack.move();
  return {
    host,
    port,
    database: 'postgres',
    user,
    password,
    programs: bin,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function hostAccess(): string {
  const ways = [
    ['by_md5', 'md5'],
    ['by_password', 'password'],
    ['trusted', 'trust'],
    ['all', 'scram-sha-256'],
  ];
  return ['all', 'replication']
    .flatMap((database) => ways.map(([user, way]) => `host ${database} ${user} 127.0.0.1/32 ${way}`))
    .join('\n');
}

/** The programs of the newest version that is installed. */
function programs(): string | undefined {
  try {
    const newest = readdirSync(VERSIONS).sort((one, other) => Number(other) - Number(one))[0];
    return newest && join(VERSIONS, newest, 'bin');
  } catch {
    return undefined;
  }
}

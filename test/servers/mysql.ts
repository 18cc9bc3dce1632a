import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { accountOf, executable, freePort, runAs, serverDirectory, startServer } from './server-process.ts';

const SERVER = '/usr/sbin/mariadbd';
const INSTALL = '/usr/bin/mariadb-install-db';
const USER = 'mysql';

export type MysqlServer = AsyncDisposable & {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** Has the same password, which is checked by a plug-in that clients have to be switched to (ed25519). */
  readonly switchedUser: string;
  /** Has no password. */
  readonly openUser: string;
};

/** Whether MariaDB is installed (Debian: mariadb-server). */
export function mysqlAvailable(): boolean {
  return executable(SERVER, INSTALL) && accountOf(USER) !== undefined;
}

/** Starts a MariaDB server of its own on loopback, with its data in a directory that goes with it. */
export async function startMysqlServer(): Promise<MysqlServer> {
  const account = accountOf(USER);
  if (!account) throw new Error('MariaDB is not installed');
  await using stack = new AsyncDisposableStack();
  const directory = stack.use(await serverDirectory('mysql', account));
  const [database, user, password, host, port] = ['shop', 'loads', 'pass-word', '127.0.0.1', await freePort()];
  const [switchedUser, openUser] = ['loads_ed25519', 'loads_open'];
  const data = join(directory.path, 'data');
  await runAs(account, INSTALL, [
    ...['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db'],
  ]);
  const init = join(directory.path, 'init.sql');
  const statements = [
    `CREATE DATABASE ${database};`,
    `CREATE USER ${user} IDENTIFIED BY '${password}';`,
    `CREATE USER ${switchedUser} IDENTIFIED VIA ed25519 USING PASSWORD('${password}');`,
    `CREATE USER ${openUser};`,
    ...[user, switchedUser, openUser].map((name) => `GRANT ALL ON *.* TO ${name};`),
  ];
  await writeFile(init, statements.join('\n'), { mode: 0o644 });
  const server = await startServer({
    account,
    command: SERVER,
    args: [
      ...['--no-defaults', `--datadir=${data}`, `--init-file=${init}`, `--socket=${join(data, 'socket')}`],
      ...[`--bind-address=${host}`, `--port=${port}`, '--skip-name-resolve', '--plugin-load-add=auth_ed25519'],
      ...['--local-infile=1', '--max-allowed-packet=64M', '--innodb-buffer-pool-size=16M'],
      '--innodb-flush-log-at-trx-commit=0',
    ],
    ready: /ready for connections/,
  });
  stack.use(server);
  const owned = stack.move();
  return {
    ...{ host, port, database, user, password, switchedUser, openUser },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

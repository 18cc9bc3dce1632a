import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { accountOf, executable, freePort, serverDirectory, startServer } from './server-process.ts';

const EXIM = '/usr/sbin/exim4';
/** Exim lets nobody else start a daemon. */
const USER = 'Debian-exim';

export type SmtpServer = AsyncDisposable & {
  readonly host: string;
  readonly port: number;
  /** May log in with PLAIN, LOGIN or CRAM-MD5. */
  readonly user: string;
  readonly password: string;
  /** A recipient that the server refuses. */
  readonly refused: string;
  /** The number of messages that it has accepted. */
  accepted(): Promise<number>;
};

/** Whether Exim is installed (Debian: exim4-daemon-light). */
export function smtpAvailable(): boolean {
  return executable(EXIM) && accountOf(USER) !== undefined;
}

/** Starts an Exim of its own on loopback, which accepts messages and keeps them in a directory that goes with it. */
export async function startSmtpServer(): Promise<SmtpServer> {
  const account = accountOf(USER);
  if (!account) throw new Error('Exim is not installed');
  await using stack = new AsyncDisposableStack();
  const directory = stack.use(await serverDirectory('exim', account));
  const [user, password, host, port] = ['ann', 'pass-word', '127.0.0.1', await freePort()];
  const config = join(directory.path, 'exim.conf');
  await writeFile(config, configuration(directory.path, user, password), { mode: 0o644 });
  const server = await startServer({
    account,
    command: EXIM,
    args: ['-C', config, '-bdf', '-oX', `${host}.${port}`],
    ready: { host, port },
  });
  stack.use(server);
  const owned = stack.move();
  return {
    ...{ host, port, user, password, refused: 'nobody@shop.test' },
    async accepted() {
      const log = await readFile(join(directory.path, 'main.log'), 'utf8');
      return log.split('\n').filter((line) => line.includes(' <= ')).length;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function configuration(directory: string, user: string, password: string): string {
  return `
exim_path = ${EXIM}
primary_hostname = mail.test
spool_directory = ${directory}/spool
log_file_path = ${directory}/%s.log
pid_file_path = ${directory}/pid
tls_advertise_hosts = *
auth_advertise_hosts = *
pipelining_advertise_hosts = *
smtp_max_synprot_errors = 100
chunking_advertise_hosts = *
message_size_limit = 20M
queue_only = true
never_users =
host_lookup =
helo_lookup_domains =
keep_environment =
add_environment =
acl_smtp_rcpt = recipient
acl_smtp_vrfy = accept
begin acl
recipient:
  deny local_parts = nobody
  accept
begin routers
all:
  driver = accept
  transport = nowhere
begin transports
nowhere:
  driver = appendfile
  file = /dev/null
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{$auth2}{${user}}}{eq{$auth3}{${password}}}}}
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = Username:: : Password::
  server_condition = \${if and{{eq{$auth1}{${user}}}{eq{$auth2}{${password}}}}}
cram:
  driver = cram_md5
  public_name = CRAM-MD5
  server_secret = \${if eq{$auth1}{${user}}{${password}}fail}
`;
}

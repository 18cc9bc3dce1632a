import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Account,
  accountOf,
  executable,
  freePort,
  type ServerDirectory,
  serverDirectory,
  startServer,
} from './server-process.ts';

const INFLUXD = '/usr/bin/influxd';
const NGINX = '/usr/sbin/nginx';
const USER = 'influxdb';

export type InfluxServer = AsyncDisposable & {
  /** Where write API v2, `/health` and `/query` are. */
  readonly url: string;
  readonly bucket: string;
  readonly org: string;
  readonly token: string;
  /** The database alone goes away; what stands before it answers 502. */
  stop(): Promise<void>;
  /** It comes back on the same port, with all its data. */
  start(): Promise<void>;
  /** The rows of all series of an answer in InfluxQL, each with the tags of its series; `time` is epoch ms. */
  query(influxql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
};

export type InfluxServerOptions = {
  /** The port of what stands before the database; default: a free one. */
  readonly port?: number;
  /** Largest request that is taken, as nginx writes sizes. */
  readonly mostBytes?: string;
};

/** Whether InfluxDB and nginx are installed (Debian: influxdb, nginx-light). */
export function influxAvailable(): boolean {
  return executable(INFLUXD, NGINX) && accountOf(USER) !== undefined;
}

/**
 * Starts Debian's InfluxDB 1.6 on loopback, with an nginx before it that makes `/write` of `/api/v2/write` and `/ping` of
 * `/health`, since this version has the v1 API only. It takes one token, and has one database, the bucket.
 */
export async function startInfluxServer(options: InfluxServerOptions = {}): Promise<InfluxServer> {
  const account = accountOf(USER);
  if (!account) throw new Error('InfluxDB is not installed');
  await using stack = new AsyncDisposableStack();
  const directory = stack.use(await serverDirectory('influx', account));
  const [bucket, org, token] = ['loads', 'acme', 'se-cret'];
  const [port, innerPort, rpcPort] = [options.port ?? (await freePort()), await freePort(), await freePort()];
  await writeFile(join(directory.path, 'influxdb.conf'), influxConfig(directory.path, innerPort, rpcPort));
  await writeFile(join(directory.path, 'nginx.conf'), nginxConfig({ directory, port, innerPort, token, options }));

  let database: AsyncDisposable | undefined = await startInfluxd(account, directory.path, innerPort);
  stack.defer(async () => await database?.[Symbol.asyncDispose]());
  await fetch(`http://127.0.0.1:${innerPort}/query`, {
    method: 'POST',
    body: new URLSearchParams({ q: `CREATE DATABASE "${bucket}"` }),
  });
  stack.use(
    await startServer({
      account,
      command: NGINX,
      args: ['-c', join(directory.path, 'nginx.conf'), '-p', directory.path, '-e', 'stderr'],
      ready: { host: '127.0.0.1', port },
    }),
  );
  const owned = stack.move();
  return {
    url: `http://127.0.0.1:${port}`,
    bucket,
    org,
    token,
    async stop() {
      await database?.[Symbol.asyncDispose]();
      database = undefined;
    },
    async start() {
      database ??= await startInfluxd(account, directory.path, innerPort);
    },
    query: (influxql) => queryInflux({ url: `http://127.0.0.1:${innerPort}`, bucket }, influxql),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function startInfluxd(account: Account, dir: string, port: number): Promise<AsyncDisposable> {
  return await startServer({
    account,
    command: INFLUXD,
    args: ['run', '-config', join(dir, 'influxdb.conf')],
    ready: { host: '127.0.0.1', port },
    // It keeps what it has taken, as an operator's stop does.
    endWith: 'SIGTERM',
  });
}

function influxConfig(dir: string, port: number, rpcPort: number): string {
  return `
reporting-disabled = true
bind-address = "127.0.0.1:${rpcPort}"
[meta]
  dir = "${dir}/meta"
[data]
  dir = "${dir}/data"
  wal-dir = "${dir}/wal"
  query-log-enabled = false
[http]
  bind-address = "127.0.0.1:${port}"
  log-enabled = false
[monitor]
  store-enabled = false
[logging]
  level = "error"
`;
}

function nginxConfig(server: {
  readonly directory: ServerDirectory;
  readonly port: number;
  readonly innerPort: number;
  readonly token: string;
  readonly options: InfluxServerOptions;
}): string {
  const { directory, port, innerPort, token, options } = server;
  return `
daemon off;
worker_processes 1;
error_log stderr;
pid ${directory.path}/nginx.pid;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path ${directory.path}/body;
  proxy_temp_path ${directory.path}/proxy;
  fastcgi_temp_path ${directory.path}/fastcgi;
  uwsgi_temp_path ${directory.path}/uwsgi;
  scgi_temp_path ${directory.path}/scgi;
  client_max_body_size ${options.mostBytes ?? '25m'};
  map $http_authorization $denied { default 1; "Token ${token}" 0; }
  server {
    listen 127.0.0.1:${port};
    location = /health { proxy_pass http://127.0.0.1:${innerPort}/ping; }
    location = /api/v2/write {
      if ($denied) { return 401; }
      proxy_pass http://127.0.0.1:${innerPort}/write?db=$arg_bucket&precision=$arg_precision;
    }
    location = /query {
      if ($denied) { return 401; }
      proxy_pass http://127.0.0.1:${innerPort};
    }
  }
}
`;
}

type Answer = {
  readonly results: readonly {
    readonly error?: string;
    readonly series?: readonly {
      readonly tags?: Readonly<Record<string, string>>;
      readonly columns: readonly string[];
      readonly values: readonly (readonly unknown[])[];
    }[];
  }[];
};

/** The rows of all series of an answer in InfluxQL, see `InfluxServer`. */
export async function queryInflux(
  { url, bucket, token }: { readonly url: string; readonly bucket: string; readonly token?: string },
  influxql: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const parameters = new URLSearchParams({ db: bucket, epoch: 'ms', q: influxql });
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Token ${token}` };
  const response = await fetch(`${url}/query?${parameters}`, { headers });
  const { results } = (await response.json()) as Answer;
  const error = results.find((result) => result.error !== undefined)?.error;
  if (error !== undefined) throw new Error(`${influxql}: ${error}`);
  return results.flatMap(({ series = [] }) =>
    series.flatMap(({ tags, columns, values }) =>
      values.map((row) => ({ ...tags, ...Object.fromEntries(columns.map((column, i) => [column, row[i]])) })),
    ),
  );
}

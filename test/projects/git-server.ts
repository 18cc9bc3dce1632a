import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { listen } from '../../examples/shop/listen.ts';

export type GitServer = AsyncDisposable & {
  readonly url: string;
  /** The Authorization headers that came, '' for a request without one. */
  readonly authorizations: readonly string[];
};

export type GitServerOptions = {
  /** The folder with its repositories. */
  readonly root: string;
  readonly key: string;
  readonly cert: string;
  /** What a request has to bring as Authorization; undefined: nothing. */
  readonly authorization?: string | undefined;
  /** Where every request is sent instead. */
  readonly redirectTo?: string | undefined;
  /** Called instead of an answer. */
  readonly onRequest?: ((request: IncomingMessage) => void) | undefined;
};

/** Serves repositories over https with git's own `git http-backend` (a CGI program). */
export async function startGitServer(options: GitServerOptions): Promise<GitServer> {
  const authorizations: string[] = [];
  const server = createServer({ key: options.key, cert: options.cert }, (request, response) => {
    const { authorization = '' } = request.headers;
    authorizations.push(authorization);
    if (options.onRequest) options.onRequest(request);
    else if (options.redirectTo !== undefined)
      response.writeHead(301, { location: options.redirectTo + request.url }).end();
    else if (options.authorization === undefined || authorization === options.authorization)
      answer(options.root, request, response);
    else response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
  });
  const { port } = await listen(server, { host: '127.0.0.1', port: 0 });
  return {
    url: `https://localhost:${port}`,
    authorizations,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answer(root: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'https://localhost');
  const backend = spawn('git', ['http-backend'], {
    env: {
      ...process.env,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      PATH_INFO: pathname,
      QUERY_STRING: searchParams.toString(),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'],
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
      REMOTE_USER: 'test',
      REMOTE_ADDR: '127.0.0.1',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  request.pipe(backend.stdin);
  const chunks: Buffer[] = [];
  backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  backend.once('close', () => {
    const whole = Buffer.concat(chunks);
    const end = whole.indexOf('\r\n\r\n');
    const headers = whole
      .subarray(0, end)
      .toString()
      .split('\r\n')
      .map((line) => line.split(': '));
    const status = headers.find(([name]) => name === 'Status')?.[1] ?? '200';
    for (const [name = '', value = ''] of headers) if (name !== 'Status') response.setHeader(name, value);
    response.writeHead(Number.parseInt(status, 10)).end(whole.subarray(end + 4));
  });
}

import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import type { InfluxPlan } from '@loads/core';

/** An answer: its status, body and headers. */
export type TestAnswer = {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Stands in for InfluxDB on a free port of the loopback: keeps the lines of writes that it answers with 204. */
export type TestInflux = AsyncDisposable & {
  readonly plan: InfluxPlan;
  readonly lines: readonly string[];
  /** Requests so far, by path. */
  readonly requests: readonly string[];
  onWrite: (lines: readonly string[]) => TestAnswer;
  onQuery: (influxql: string) => TestAnswer;
};

export async function startTestInflux(): Promise<TestInflux> {
  const lines: string[] = [];
  const requests: string[] = [];
  const answer = async (request: IncomingMessage): Promise<TestAnswer> => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
    requests.push(pathname);
    const body = await buffer(request);
    if (pathname === '/query') return influx.onQuery(searchParams.get('q') ?? '');
    const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    const written = text.toString().split('\n');
    const answered = influx.onWrite(written);
    if (answered.status === 204) lines.push(...written);
    return answered;
  };
  const server = createServer((request, response) => {
    void answer(request).then(({ status, body, headers }) => response.writeHead(status, headers).end(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const influx: TestInflux = {
    plan: { url: `http://127.0.0.1:${port}`, bucket: 'loads', org: 'acme', token: 'secret' },
    lines,
    requests,
    onWrite: () => ({ status: 204 }),
    onQuery: () => ({ status: 200, body: '{"results":[{}]}' }),
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return influx;
}

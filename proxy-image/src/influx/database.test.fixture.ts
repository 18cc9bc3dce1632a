import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import type { InfluxPlan } from '@loads/core';

/** A write as it came: its query and headers, its lines, and how it was answered. */
export type TestWrite = {
  readonly query: Readonly<Record<string, string>>;
  readonly token: string | undefined;
  readonly compressed: boolean;
  readonly lines: readonly string[];
  readonly status: number;
};

/** Stands in for InfluxDB: takes `/api/v2/write` on a free port of the loopback, and answers as it is told. */
export type TestDatabase = AsyncDisposable & {
  readonly plan: InfluxPlan;
  readonly writes: readonly TestWrite[];
  /** The lines of all writes that were answered with 204, in order. */
  readonly stored: readonly string[];
  /** Decides on the status of each write; without it 204. */
  answer: (lines: readonly string[]) => number;
  /** The header Retry-After of what is not stored; none when empty. */
  retryAfter: string;
  /** Resolves when so many writes have been answered in all. */
  answered(writes: number): Promise<void>;
};

export async function startDatabase(): Promise<TestDatabase> {
  const writes: TestWrite[] = [];
  const waiting: { readonly writes: number; readonly resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    void readWrite(request).then((write) => {
      const status = database.answer(write.lines);
      writes.push({ ...write, status });
      const { retryAfter } = database;
      const header = status !== 204 && retryAfter !== '' ? { 'retry-after': retryAfter } : {};
      response.writeHead(status, { 'content-type': 'application/json', ...header });
      response.end(status === 204 ? undefined : JSON.stringify({ code: 'x', message: `the answer is ${status}` }));
      for (const one of waiting) if (writes.length >= one.writes) one.resolve();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const database: TestDatabase = {
    plan: { url: `http://127.0.0.1:${port}`, bucket: 'loads', org: 'acme', token: 'secret' },
    writes,
    get stored() {
      return writes.filter(({ status }) => status === 204).flatMap(({ lines }) => lines);
    },
    answer: () => 204,
    retryAfter: '',
    async answered(count) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ writes: count, resolve });
      if (writes.length < count) await promise;
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return database;
}

/** Where no database listens. */
export async function absentDatabase(): Promise<InfluxPlan> {
  await using database = await startDatabase();
  return database.plan;
}

async function readWrite(request: IncomingMessage): Promise<Omit<TestWrite, 'status'>> {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
  const body = await buffer(request);
  const compressed = request.headers['content-encoding'] === 'gzip';
  const text = (compressed ? gunzipSync(body) : body).toString();
  return {
    query: { method: request.method ?? '', pathname, ...Object.fromEntries(searchParams) },
    token: request.headers.authorization,
    compressed,
    lines: text.split('\n'),
  };
}

import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { registerBehavior, registerProtocol, startProxy } from '@loads/vaurien';
import { expect, test } from 'vitest';
import { beanstalk } from '../../docs/examples/vaurien/beanstalk.ts';
import { rateLimiting } from '../../docs/examples/vaurien/rate-limit.ts';
import { run } from './command.ts';

// The tests that the pages show run here too.
import '../../docs/examples/vaurien/cold-start.test.ts';
import '../../docs/examples/vaurien/lines.test.ts';

const DOCS = join(import.meta.dirname, '../../docs');
const PAGES = ['writing-a-behavior.md', 'writing-a-protocol.md'];

let clock = 0;
registerBehavior(rateLimiting(() => clock));
registerProtocol(beanstalk);

test('the pages show the examples as they are, and all of them', async () => {
  const shown: string[] = [];
  for (const page of PAGES) {
    const markdown = await readFile(join(DOCS, page), 'utf8');
    for (const [, file = '', code] of markdown.matchAll(/^```ts file=(\S+)\n(.*?)^```$/gms)) {
      expect(code, `${file} in ${page}`).toBe(await readFile(join(DOCS, file), 'utf8'));
      shown.push(file);
    }
  }
  const files = await readdir(join(DOCS, 'examples/vaurien'));
  expect(shown.sort()).toEqual(files.map((file) => `examples/vaurien/${file}`).sort());
});

test.each(['cold-start', 'rate-limit', 'lines', 'beanstalk'])('the command takes %s as an extension', async (name) => {
  const file = `docs/examples/vaurien/${name}.ts`;
  const wrong = ['--protocol', 'none', '--behavior', 'none'];
  const { exitCode, stderr } = await run('vaurien', ['--use-extension', file, ...wrong], { cwd: join(DOCS, '..') });
  expect(exitCode).toBe(104);
  // It tells what there is.
  expect(stderr).toMatch(new RegExp(`there are .*\\b${name}\\b`));
});

test('rate-limit lets a burst pass, and then so many each second', async () => {
  await using server = await listen(createServer((socket) => socket.on('data', () => socket.write(OK))));
  await using proxy = await startProxy({
    backend: server.address,
    protocol: 'http',
    behavior: 'rate-limit',
    limit: 10,
    burst: 2,
    code: 429,
    seed: 1,
  });
  const url = `http://${proxy.address.host}:${proxy.address.port}/`;
  const statuses = async (requests: number): Promise<number[]> => {
    const got: number[] = [];
    for (let i = 0; i < requests; i++) {
      const response = await fetch(url);
      await response.text();
      got.push(response.status);
    }
    return got;
  };
  expect(await statuses(4)).toEqual([200, 200, 429, 429]);
  clock += 100;
  expect(await statuses(2)).toEqual([200, 429]);
  clock += 60_000;
  expect(await statuses(3)).toEqual([200, 200, 429]);
  expect(proxy.faults).toHaveLength(4);
});

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';
const JOB = 'quit\r\n'.repeat(500);

test.each([1, 7, 64, 100_000])('beanstalk: jobs are whole, and errors are its own, cut into %i bytes', async (size) => {
  await using server = await listen(startQueue());
  await using proxy = await startProxy({
    backend: server.address,
    protocol: 'beanstalk',
    behavior: 'error',
    code: 'DRAINING',
    match: { operation: 'put', every: 2 },
    seed: 1,
  });
  const client = connect({ ...proxy.address, allowHalfOpen: true, noDelay: true });
  const put = `put 0 0 60 ${JOB.length}\r\n${JOB}\r\n`;
  const sent = `${put}${put}reserve\r\nlist-tubes\r\nuse mine\r\n${put}${put}quit\r\n`;
  for (let at = 0; at < sent.length; at += size) {
    if (!client.write(sent.slice(at, at + size))) await once(client, 'drain');
    if (size > 1 || at % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const reserved = `RESERVED 1 ${JOB.length}\r\n${JOB}\r\n`;
  expect(await text(client)).toBe(
    `INSERTED 1\r\nDRAINING\r\n${reserved}OK 14\r\n---\n- default\n\r\nUSING mine\r\nINSERTED 2\r\nDRAINING\r\n`,
  );
  expect(proxy.stats).toMatchObject({ requests: 7, faults: 2, opaque: 0 });
  expect(proxy.faults).toMatchObject([
    { operation: 'put', request: 2, point: 'before' },
    { operation: 'put', request: 7 },
  ]);
});

test('beanstalk: a code that it does not have is refused', async () => {
  const options = { backend: '127.0.0.1:1', protocol: 'beanstalk', behavior: 'error', code: 503 };
  await expect(startProxy(options)).rejects.toThrow(
    "expected one of OUT_OF_MEMORY, INTERNAL_ERROR, DRAINING, BAD_FORMAT, UNKNOWN_COMMAND, got '503'",
  );
});

/** A work queue that knows what the test says, and ends the connection after `quit`. */
function startQueue(): Server {
  return createServer((socket) => {
    let [waiting, jobs] = ['', 0];
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      waiting += chunk;
      for (;;) {
        const line = waiting.slice(0, waiting.indexOf('\r\n') + 2);
        const [command = '', , , , bytes = '0'] = line.trim().split(' ');
        const length = line.length + (command === 'put' ? Number(bytes) + 2 : 0);
        if (line === '' || waiting.length < length) return;
        const job = waiting.slice(line.length, length);
        waiting = waiting.slice(length);
        if (command === 'put') socket.write(job === `${JOB}\r\n` ? `INSERTED ${++jobs}\r\n` : 'BAD_FORMAT\r\n');
        else if (command === 'reserve') socket.write(`RESERVED 1 ${JOB.length}\r\n${JOB}\r\n`);
        else if (command === 'use') socket.write('USING mine\r\n');
        else if (command === 'quit') socket.end();
        else socket.write('OK 14\r\n---\n- default\n\r\n');
      }
    });
  });
}

async function listen(server: Server): Promise<AsyncDisposable & { readonly address: string }> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, 'close');
    },
  };
}

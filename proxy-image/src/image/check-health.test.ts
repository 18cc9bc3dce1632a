import { mkdir, mkdtempDisposable, utimes, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkHealth } from './check-health.ts';

const NODE = ['/usr/local/bin/node', '--disable-warning=X'];
const INIT = ['/sbin/docker-init', '--', 'vaurien', '--http'];

/** Checks a container in which these processes run. */
async function check(processes: readonly (readonly string[])[], env = ''): Promise<{ code: number; said: string }> {
  await using proc = await mkdtempDisposable(join(tmpdir(), 'loads-proc-'));
  for (const [i, words] of processes.entries()) {
    const folder = join(proc.path, String(i + 1));
    await mkdir(folder);
    await writeFile(join(folder, 'cmdline'), words.map((word) => `${word}\0`).join(''));
    await writeFile(join(folder, 'environ'), env === '' ? '' : `PATH=/bin\0${env}\0`);
  }
  let said = '';
  const write = (text: string): boolean => {
    said += text;
    return true;
  };
  const code = await checkHealth(proc.path, { write });
  return { code, said: said.trim() };
}

function vaurien(...flags: readonly string[]): readonly string[] {
  return [...NODE, '/usr/local/bin/vaurien', '--backend', 'localhost:9', ...flags];
}

/** A control API that answers everything with a status. */
async function control(status: number): Promise<AsyncDisposable & { readonly port: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: String((server.address() as AddressInfo).port),
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test('a proxy is asked where its flags say that it answers, also under an init', async () => {
  await using api = await control(200);
  const flags = ['--http', '--http-host', '127.0.0.1', '--http-port', api.port];
  expect(await check([INIT, vaurien(...flags)])).toEqual({ code: 0, said: '' });
  expect(api.asked).toEqual(['GET /health']);
});

test('the environment of the process says it as well', async () => {
  await using api = await control(503);
  const { code, said } = await check([vaurien('--http', '--http-host', '127.0.0.1')], `VAURIEN_HTTP_PORT=${api.port}`);
  expect([code, said]).toEqual([1, `http://127.0.0.1:${api.port}/health answers 503`]);
});

test('a proxy that does not answer is not well', async () => {
  const api = await control(200);
  await api[Symbol.asyncDispose]();
  const { code } = await check([vaurien('--http', '--http-host', '127.0.0.1', '--http-port', api.port)]);
  expect(code).toBe(1);
});

test('a proxy without a control API is well while it runs', async () => {
  expect(await check([vaurien()])).toEqual({ code: 0, said: '' });
});

test('nothing of ours is not well', async () => {
  expect(await check([['sh', '-c', 'vaurien'], INIT])).toMatchObject({
    code: 1,
    said: 'neither vaurien nor loads-sidecar runs here',
  });
});

test('a sidecar is well when it is ready, and as long as it writes its state', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-node-'));
  const sidecar = [[...NODE, '/usr/local/bin/loads-sidecar', dir.path]];
  expect((await check(sidecar)).said).toBe(`there is no sidecar.json in ${dir.path} yet`);
  await writeFile(join(dir.path, 'sidecar.json'), '{}');
  expect((await check(sidecar)).code).toBe(0);
  const live = join(dir.path, 'live.json');
  await writeFile(live, '{}');
  expect((await check(sidecar)).code).toBe(0);
  const past = Date.now() / 1000 - 15;
  await utimes(live, past, past);
  expect((await check(sidecar)).said).toBe('live.json is 15 s old');
});

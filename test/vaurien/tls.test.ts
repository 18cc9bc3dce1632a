import { once } from 'node:events';
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { expect, test } from 'vitest';
import { CERTIFICATE, PRIVATE_KEY } from '../../proxy-image/src/proxy/self-signed.test.fixture.ts';
import { startBackend } from './backend.ts';
import { run, startVaurien } from './command.ts';

const HTTP = ['--proxy', '127.0.0.1:0', '--protocol', 'http', '--log-level', 'warning'];

/** A service that speaks HTTPS alone, with a certificate for shop.test that no system trusts. */
async function startSecureBackend(): Promise<AsyncDisposable & { readonly address: string; readonly names: string[] }> {
  const names: string[] = [];
  const server = createServer({ cert: CERTIFICATE, key: PRIVATE_KEY }, (_request, response) => response.end('secret'));
  server.on('secureConnection', ({ servername }) => names.push(String(servername)));
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    names,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** The folder in which the PEM files lie. */
async function pemFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = await mkdtempDisposable(join(tmpdir(), 'vaurien-tls-'));
  await writeFile(join(folder.path, 'shop.crt'), CERTIFICATE);
  await writeFile(join(folder.path, 'shop.key'), PRIVATE_KEY);
  return { path: folder.path, [Symbol.asyncDispose]: () => folder.remove() };
}

async function statusOf(address: string): Promise<number> {
  const response = await fetch(`http://${address}/`);
  await response.text();
  return response.status;
}

test('a backend that speaks TLS is believed by the certificate and the name that it is to have', async () => {
  await using backend = await startSecureBackend();
  await using folder = await pemFolder();
  const believing = ['--backend', backend.address, '--tls-backend', '--tls-backend-ca', 'shop.crt'];
  await using right = await startVaurien([...HTTP, ...believing, '--tls-backend-server-name', 'shop.test'], {
    cwd: folder.path,
  });
  expect(await statusOf(await right.proxy())).toBe(200);
  expect(backend.names).toEqual(['shop.test']);
  // The certificate says nothing of the address that it stands at.
  await using wrong = await startVaurien([...HTTP, ...believing], { cwd: folder.path });
  await expect(statusOf(await wrong.proxy())).rejects.toThrow('fetch failed');
  await using doubting = await startVaurien([...HTTP, '--backend', backend.address, '--tls-backend']);
  await expect(statusOf(await doubting.proxy())).rejects.toThrow('fetch failed');
  expect(backend.names).toEqual(['shop.test']);
});

test('a certificate can be left unverified, which is said; and faults strike inside of TLS', async () => {
  await using backend = await startSecureBackend();
  await using folder = await pemFolder();
  const log = join(folder.path, 'log');
  const args = ['--backend', backend.address, '--tls-backend', '--tls-backend-insecure', '--log-output', log];
  await using vaurien = await startVaurien([...HTTP, ...args, '--match-header', 'x-user: ann', '--behavior', 'error']);
  const address = await vaurien.proxy();
  expect(await statusOf(address)).toBe(200);
  const struck = await fetch(`http://${address}/`, { headers: { 'X-User': 'joann' } });
  expect([struck.status >= 500, struck.headers.has('x-vaurien-fault')]).toEqual([true, true]);
  const warnings = (await readFile(log, 'utf8')).split('\n').filter((line) => line.includes('"warning"'));
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain("proxy 'default' does not verify the certificate of its backend");
});

test('clients are served over TLS, and the proxy sees what they say', async () => {
  await using backend = await startBackend();
  await using folder = await pemFolder();
  const tls = ['--tls-cert', 'shop.crt', '--tls-key', 'shop.key'];
  const args = ['--backend', backend.address, ...tls, '--behavior', 'error', '--behavior-error-code', '503'];
  await using vaurien = await startVaurien([...HTTP, ...args, '--match-operation', 'GET /broken'], {
    cwd: folder.path,
  });
  const [host = '', port = ''] = (await vaurien.proxy()).split(':');
  const ask = async (path: string): Promise<number | undefined> => {
    const sent = request({ host, port, path, ca: CERTIFICATE, servername: 'shop.test', agent: false }).end();
    const [response] = await once(sent, 'response');
    response.resume();
    return response.statusCode;
  };
  expect([await ask('/'), await ask('/broken')]).toEqual([200, 503]);
  const socket = connect({ host, port: Number(port), ca: CERTIFICATE, servername: 'shop.test' });
  await once(socket, 'secureConnect');
  expect(socket.getPeerCertificate().subject.CN).toBe('shop.test');
  socket.destroy();
});

test('what is wrong with TLS is told at once, before anything listens', async () => {
  await using folder = await pemFolder();
  await writeFile(join(folder.path, 'none.pem'), 'none');
  const args = ['--tls-cert', 'shop.crt', '--tls-key', 'none.pem', '--tls-backend-ca', 'away.pem', '--behavior', 'x'];
  const { exitCode, stderr, stdout } = await run('vaurien', args, { cwd: folder.path });
  expect([exitCode, stdout]).toEqual([104, '']);
  expect(stderr.trimEnd().split('\n')).toEqual([
    expect.stringMatching(/^error: --behavior: 'x' is no behavior/),
    'error: --tls-backend-ca: there is no file away.pem',
    'error: --tls-key: none.pem is no private key (PEM, without a passphrase)',
    expect.stringMatching(/^error: --tls-backend-ca: needs `tls_backend`/),
  ]);
});

import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { LoadsError } from '@loads/core';
import { expect, onTestFinished, test } from 'vitest';
import { reachTarget } from './reach-target.ts';

const never = new AbortController().signal;

async function listen(host: string): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => socket.on('error', () => {}).destroy()).listen(0, host);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { server, port: (server.address() as AddressInfo).port };
}

test('a target that takes connections is reached, whatever its path', async () => {
  const { port } = await listen('127.0.0.1');
  await reachTarget(`http://127.0.0.1:${port}/api?x=1`, never);
});

test('a target on an IPv6 address is reached', async () => {
  const { port } = await listen('::1');
  await reachTarget(`http://[::1]:${port}`, never);
});

test('a port where nobody listens is told', async () => {
  const { server, port } = await listen('127.0.0.1');
  server.close();
  await once(server, 'close');
  const message = `the target http://127.0.0.1:${port}/ does not answer: connection refused (127.0.0.1:${port})`;
  await expect(reachTarget(`http://127.0.0.1:${port}/`, never)).rejects.toMatchObject({
    ...{ code: 'ERR_TARGET_UNREACHABLE', exitCode: 104, message },
  });
});

test('a name that cannot be resolved is told', async () => {
  const message = 'the target http://shop.invalid does not answer: its name cannot be resolved (shop.invalid:80)';
  await expect(reachTarget('http://shop.invalid', never)).rejects.toMatchObject({
    ...{ code: 'ERR_TARGET_UNREACHABLE', message },
  });
});

test('the user can stop it', async () => {
  const stopped = new LoadsError('ERR_STOPPED', 'stopped');
  await expect(reachTarget('http://127.0.0.1:1', AbortSignal.abort(stopped))).rejects.toBe(stopped);
});

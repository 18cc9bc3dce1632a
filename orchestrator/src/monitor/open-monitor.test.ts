import { formatAddress, hostSampleSchema } from '@loads/core';
import type { GuardedPort } from '@loads/vaurien';
import { expect, test } from 'vitest';
import { HostSampler } from './host-sampler.ts';
import { tellOf } from './open-monitor.ts';

const HERE = { host: '127.0.0.1', port: 0 };

async function open(token?: string): Promise<GuardedPort> {
  const keys = { name: 'keys', read: () => ({ total: 3, bad: Number.NaN }) };
  const sampler = await HostSampler.open({ plugins: [keys] });
  return await tellOf({ address: HERE, token, sample: () => sampler.sample() });
}

function get(server: GuardedPort, path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`http://${formatAddress(server.address)}${path}`, { headers });
}

test('a sample has what the host and its plug-ins tell, and time goes on between two', async () => {
  await using server = await open();
  const [first, second] = [await get(server, '/sample'), await get(server, '/sample')];
  const [a, b] = [hostSampleSchema.parse(await first.json()), hostSampleSchema.parse(await second.json())];
  expect(b.uptime).toBeGreaterThan(a.uptime);
  expect(b).toMatchObject({ plugins: { keys: { total: 3 } }, refused: 1 });
});

test.runIf(process.platform === 'linux')('on Linux nothing is missing', async () => {
  await using server = await open();
  const { cpu, memory, load } = hostSampleSchema.parse(await (await get(server, '/sample')).json());
  expect(cpu?.total).toBeGreaterThan(cpu?.busy ?? Number.POSITIVE_INFINITY);
  expect(memory?.total).toBeGreaterThan(memory?.used ?? Number.POSITIVE_INFINITY);
  expect(load).toBeGreaterThanOrEqual(0);
});

test('who has not the token, comes from a page or asks for something else gets nothing', async () => {
  await using server = await open('secret');
  const right = { Authorization: 'Bearer secret' };
  const statuses = await Promise.all([
    get(server, '/sample', right).then(({ status }) => status),
    get(server, '/sample').then(({ status }) => status),
    get(server, '/sample', { Authorization: 'Bearer secre' }).then(({ status }) => status),
    get(server, '/sample', { ...right, Origin: 'http://evil.example' }).then(({ status }) => status),
    get(server, '/', right).then(({ status }) => status),
  ]);
  expect(statuses).toEqual([200, 401, 401, 403, 404]);
});

test('an address that others can reach needs a token, and a port is used once', async () => {
  const sample = (): never => {
    throw new Error('nobody asks');
  };
  const address = { host: '0.0.0.0', port: 0 };
  await expect(tellOf({ address, sample })).rejects.toThrow(
    'the monitor on 0.0.0.0 can be reached by others and needs a token',
  );
  await using server = await tellOf({ address, token: 'secret', sample });
  const taken = { host: '127.0.0.1', port: server.address.port };
  await expect(tellOf({ address: taken, sample })).rejects.toMatchObject({ code: 'ERR_PORT_IN_USE' });
});

test('an interface that is not there, and two plug-ins of one name, are told', async () => {
  const one = { name: 'one', read: () => ({}) };
  await expect(HostSampler.open({ plugins: [one, one] })).rejects.toThrow("two plug-ins are called 'one'");
  await expect(HostSampler.open({ plugins: [], interface: 'none0' })).rejects.toThrow(
    "there is no network interface 'none0'",
  );
});

import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { expect, test } from 'vitest';
import { describeOnEngine } from '../support/docker.ts';
import { runLoads } from '../support/loads.ts';
import { Workspace } from '../support/workspace.ts';

const PROTO = join(import.meta.dirname, 'shop.proto');

const SHOPPING = `import { scenario, setupSession } from '@loads/node';
setupSession(async ({ grpc, vars, env }) => {
  vars.shop = await grpc.connect(env.SHOP, { proto: 'protos/shop.proto', timeout: Number(env.PATIENCE) });
});
scenario('buy', async ({ vars, check, sleep }) => {
  await sleep(20);
  const { message } = await vars.shop.call('shop.Shop/GetItem', { name: 'rope' });
  check(message.name === 'rope', 'is a rope');
  const numbers = [];
  for await (const { number } of vars.shop.serverStream('shop.Shop/ListItems', { name: 'rope' })) numbers.push(number);
  check(numbers.join() === '0,1,2', 'all come');
});
`;

type Shop = AsyncDisposable & { readonly port: number; readonly calls: () => number };
type Request = { readonly name: string };
type Item = Request & { readonly number: number };

async function startShop(host: string): Promise<Shop> {
  const { 'shop.Shop': service } = loadSync(PROTO);
  const server = new grpc.Server();
  let calls = 0;
  server.addService(service as grpc.ServiceDefinition, {
    GetItem({ request }: grpc.ServerUnaryCall<Request, Item>, answer: grpc.sendUnaryData<Item>): void {
      calls += 1;
      answer(null, { name: request.name, number: 0 });
    },
    ListItems(call: grpc.ServerWritableStream<Request, Item>): void {
      calls += 1;
      for (const number of [0, 1, 2]) call.write({ name: call.request.name, number });
      call.end();
    },
  });
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.bindAsync(`${host}:0`, grpc.ServerCredentials.createInsecure(), (error, port) =>
    error ? reject(error) : resolve(port),
  );
  return { port: await promise, calls: () => calls, [Symbol.asyncDispose]: async () => server.forceShutdown() };
}

async function shopping(config: string): Promise<Workspace> {
  const workspace = await Workspace.create();
  await mkdir(workspace.file('protos'));
  await copyFile(PROTO, workspace.file('protos/shop.proto'));
  await workspace.write('buy.ts', SHOPPING);
  await workspace.write('loads.yml', config);
  return workspace;
}

test('calls go through the chaos proxy; they fail by their class while it hangs and cuts, and go on after it', async () => {
  await using shop = await startShop('127.0.0.1');
  await using workspace = await shopping(`
scenario: ./buy.ts
nodes: 2
workers: 4
duration: 8s
recovery: 1s
env: { SHOP: '127.0.0.1:${shop.port}', PATIENCE: '2000' }
proxies:
  shop: { backend: '127.0.0.1:${shop.port}', protocol: tcp }
chaos:
  - { name: silence, at: 1s, for: 3s, proxy: shop, behavior: hang }
  - { name: cut, at: 5s, for: 500ms, proxy: shop, behavior: blackout }
thresholds:
  grpc_req_failed{phase:steady}: rate==0
  grpc_req_failed{fault:cut}: rate>0
  grpc_req_duration{method:shop.Shop/GetItem,status:OK}: count>10
  grpc_reqs{status:DEADLINE_EXCEEDED}: count>0
  grpc_reqs{phase:recovery,status:OK}: count>0
  grpc_streams_msgs_received: count>30
  checks: rate==1
`);
  const { exitCode, stdout } = await runLoads(workspace, ['run', 'loads.yml']);
  expect(exitCode, stdout).toBe(0);
  const { custom, failures, lost, requests, total } = await workspace.summary();
  expect(lost).toBe(0);
  const classes = Object.fromEntries(failures.map(({ failure, count }) => [failure, count]));
  const { timeout = 0, reset = 0, eof = 0, refused = 0, ...others } = classes;
  expect(others).toEqual({});
  expect([timeout > 0, reset + eof + refused > 0]).toEqual([true, true]);
  const value = (metric: string): number => custom.find((row) => row.metric === metric)?.value ?? 0;
  const failed = Math.round(value('grpc_req_failed') * value('grpc_reqs'));
  expect(failed).toBe(timeout + reset + eof + refused);
  expect(requests.map(({ name, protocol }) => [name, protocol])).toEqual([
    ['shop.Shop/GetItem', 'grpc'],
    ['shop.Shop/ListItems', 'grpc'],
  ]);
  expect([total.ok + total.ko, total.ko]).toEqual([value('grpc_reqs'), failed]);
  expect(stdout).toMatch(/^requests\n +protocol .*\n +shop\.Shop\/GetItem +grpc /m);
  // Each that went well was one of the shop's; of those that did not, some were, too.
  const well = value('grpc_reqs') - failed;
  expect(shop.calls()).toBeGreaterThanOrEqual(well);
  expect(shop.calls()).toBeLessThanOrEqual(well + failed);
});

await describeOnEngine('gRPC in containers', ['node:24-bookworm-slim'], () => {
  test('the library is in the image, and the .proto file comes with the scenario', async () => {
    await using shop = await startShop('0.0.0.0');
    await using workspace = await shopping(`
on: docker
scenario: buy.ts
iterations: 10
env: { SHOP: 'host.docker.internal:${shop.port}', PATIENCE: '10000' }
proxies:
  shop: { backend: 'host.docker.internal:${shop.port}', protocol: tcp }
thresholds: { grpc_req_failed: rate==0, grpc_reqs: count>4, checks: rate==1 }
`);
    const { exitCode, stdout, stderr } = await runLoads(workspace, ['run', 'loads.yml']);
    expect(exitCode, stdout + stderr).toBe(0);
  });
});

import { join } from 'node:path';
import { GenericContainer, Network, type StartedNetwork, type StartedTestContainer, Wait } from 'testcontainers';
import { expect, test } from 'vitest';
import { describeOnEngine, TEST_LABELS } from '../support/docker.ts';
import { startLoads } from '../support/loads.ts';
import { requestsByName } from '../support/requests-by-name.ts';
import type { ShopStats } from '../support/target.ts';
import { Workspace } from '../support/workspace.ts';
import { startInfluxContainer } from './influx-container.ts';
import { storedRun } from './stored-run.ts';

const SHOP = join(import.meta.dirname, '../../examples/shop');
const PORT = 8080;

/** The shop of the examples with its stock, under the name `shop`. */
async function startShopContainer(network: StartedNetwork): Promise<StartedTestContainer> {
  return await new GenericContainer('node:24-bookworm-slim')
    .withLabels({ ...TEST_LABELS })
    .withNetwork(network)
    .withNetworkAliases('shop')
    .withCopyDirectoriesToContainer([{ source: SHOP, target: '/shop' }])
    .withCommand(['node', '/shop/main.ts', '--host', '0.0.0.0', '--port', String(PORT)])
    .withExposedPorts(PORT)
    .withWaitStrategy(Wait.forHttp('/health', PORT))
    .start();
}

await describeOnEngine('a run between containers', ['node:24-bookworm-slim', 'influxdb:2.7'], () => {
  test('5 nodes with faults: sums in the database = summary = what the shop counted and what was injected', async () => {
    await using network = await new Network().start();
    await using stack = new AsyncDisposableStack();
    const [influx, shop] = await Promise.all([startInfluxContainer(network), startShopContainer(network)]);
    stack.use(influx);
    stack.use(shop);
    await using workspace = await Workspace.create('visit.ts');
    await workspace.write(
      'loads.yml',
      `on: docker
name: shop
scenario: ./visit.ts
target: http://shop:${PORT}
nodes: 5
workers: 10
duration: 6s
recovery: 1s
influx: { url: '${influx.url}', bucket: ${influx.bucket}, org: ${influx.org} }
docker: { network: ${network.getName()}, influx: { url: '${influx.urlInside}' } }
proxies: { web: { protocol: http } }
chaos: [{ name: broken, at: 2s, for: 2s, proxy: web, behavior: '10:error', code: 503 }]
`,
    );
    const env = { LOADS_INFLUX_TOKEN: influx.token };
    await using loads = startLoads(workspace, ['run'], env);
    const { exitCode, stdout, stderr } = await loads.ended;
    expect(exitCode, stdout + stderr).toBe(0);

    const summary = await workspace.summary();
    const { run, total, faults, lost, nodeRows, accounting, checks } = summary;
    expect(lost).toBe(0);
    expect(nodeRows.map(({ state }) => state)).toEqual(Array.from({ length: 5 }, () => 'done'));
    const injected = faults.reduce((sum, { count }) => sum + count, 0);
    // On a machine that stands still meanwhile there are few requests to hit; what counts is that the sums agree.
    expect(injected).toBeGreaterThan(0);
    const answer = await fetch(`http://${shop.getHost()}:${shop.getMappedPort(PORT)}/stats`);
    const served = (await answer.json()) as ShopStats;
    expect(total.ok + total.ko).toBe(served.total + injected);

    expect(accounting.points).toMatchObject({ spooled: 0, dropped: 0 });
    expect(await storedRun(influx, run)).toEqual({
      requests: requestsByName(summary),
      failed: injected,
      durations: total.ok + total.ko,
      inBuckets: total.ok + total.ko,
      faults: injected,
      checks: checks.reduce((sum, { ok, failed }) => sum + ok + failed, 0),
      agentStored: accounting.stored,
      emitted: accounting.emitted,
    });
    const perNode = await influx.query(`SELECT sum("sum") FROM "http_reqs" WHERE "run" = '${run}' GROUP BY "node"`);
    expect(perNode.map(({ node }) => node)).toEqual(['1', '2', '3', '4', '5']);
    const judged = await influx.query(`SELECT "requests", "failed", "outcome" FROM "runs" WHERE "run" = '${run}'`);
    expect(judged).toMatchObject([{ requests: total.ok + total.ko, failed: injected, outcome: 'passed' }]);
  });
});

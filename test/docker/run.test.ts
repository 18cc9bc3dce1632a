import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeOnEngine } from '../support/docker.ts';
import { runLoads, startLoads } from '../support/loads.ts';
import { startTarget } from '../support/target.ts';
import { until } from '../support/until.ts';
import { Workspace } from '../support/workspace.ts';
import { containerOf, containersOf, engine, madeBy } from './made-by.ts';

const SCENARIO = `import { scenario } from '@loads/node';
import { item } from '../lib/item.ts';
import { path } from 'paths';
scenario('buy', async ({ http, sleep, env }) => {
  await http.get(path(env.ITEM ?? item), { name: 'GET /items/:id' });
  await sleep(20);
});
`;

await describeOnEngine('runs in containers', ['node:24-bookworm-slim'], () => {
  test('the nodes make the load through their proxies, with the project and a package; nothing is left of them', async () => {
    await using target = await startTarget('0.0.0.0');
    await using workspace = await Workspace.create();
    for (const folder of ['load', 'lib', 'node_modules/paths'])
      await mkdir(workspace.file(folder), { recursive: true });
    await workspace.write('package.json', '{ "type": "module" }');
    await workspace.write('lib/item.ts', `export const item: string = 'rope';\n`);
    await workspace.write('node_modules/paths/package.json', '{ "type": "module", "exports": "./index.js" }');
    await workspace.write('node_modules/paths/index.js', 'export const path = (id) => `/items/${id}`;\n');
    await workspace.write('load/buy.ts', SCENARIO);
    await workspace.write(
      'load/loads.yml',
      `on: docker
scenario: buy.ts
target: http://127.0.0.1:${new URL(target.url).port}
docker:
  target: http://host.docker.internal:${new URL(target.url).port}
  memory: 512m
nodes: 2
workers: 4
duration: 4s
proxies: { web: { protocol: http } }
chaos: [{ name: broken, at: 1s, for: 1s, proxy: web, behavior: '100:error', code: 503 }]
`,
    );
    await using loads = startLoads(workspace, ['run', 'load/loads.yml', '--node-cpus', '1', '--node-pids', '300']);
    await loads.shows(/^\S+s \/ 4s/m);
    const run = (await workspace.run()).split('/').at(-1) ?? '';
    const infos = await Promise.all(
      (['sidecar', 'scenario'] as const).map(async (role) => (await containerOf(run, 1, role)).inspect()),
    );
    for (const { Config, HostConfig } of infos) {
      expect(Config).toMatchObject({ User: '1000:1000', Labels: { 'loads.run': run, 'loads.node': '1' } });
      expect(HostConfig).toMatchObject({
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges'],
        PidsLimit: 300,
        Memory: 512 * 1024 * 1024,
        NanoCpus: 1e9,
      });
    }
    const [sidecar, scenario] = infos;
    expect(scenario?.HostConfig.NetworkMode).toBe(`container:${sidecar?.Id}`);

    const { exitCode, stdout, stderr } = await loads.ended;
    expect(exitCode, stdout + stderr).toBe(0);
    const { lost, total, nodeRows, requests } = await workspace.summary();
    expect(lost).toBe(0);
    expect(nodeRows.map(({ state }) => state)).toEqual(['done', 'done']);
    // What the proxies answered by themselves never reached the shop.
    expect(total.ok).toBe((await target.stats()).requests['GET /items/:id']);
    expect(requests.find(({ name }) => name === 'GET /items/:id')?.ko).toBeGreaterThan(20);
    expect(await madeBy(loads.pid)).toEqual([]);
  });

  test('two runs at once do not see each other, and a run can have more nodes than the engine starts at a time', async () => {
    await using workspace = await Workspace.create('visit.ts');
    await workspace.write('idle.ts', IDLE);
    const small = runLoads(workspace, [
      'run',
      'idle.ts',
      '--on',
      'docker',
      '--nodes',
      '2',
      '-d',
      '5s',
      '--json',
      '-e',
      'WAIT=20',
    ]);
    const large = runLoads(workspace, [
      'run',
      'idle.ts',
      '--on',
      'docker',
      '--nodes',
      '20',
      '-d',
      '5s',
      '--json',
      '-e',
      'WAIT=1000',
    ]);
    const [two, twenty] = await Promise.all([small, large]);
    const [a, b] = [two, twenty].map(({ stdout }) => summaryIn(stdout));
    expect(a?.nodeRows.map(({ state }) => state)).toEqual(Array.from({ length: 2 }, () => 'done'));
    expect(b?.nodeRows.map(({ state }) => state)).toEqual(Array.from({ length: 20 }, () => 'done'));
    expect([a?.lost, b?.lost]).toEqual([0, 0]);
    // 20 ms and 1 s an iteration for 5 s: had they been mixed up, it would show.
    expect(a?.iterations[0]?.ok).toBeGreaterThan(30);
    expect(b?.iterations[0]?.ok).toBeLessThanOrEqual(120);
    for (const one of [a, b]) expect(await containersOf(one?.run ?? '')).toEqual([]);
  });

  test('a target that is not there is told before the start, by its name on the network of the nodes', async () => {
    await using workspace = await Workspace.create('visit.ts');
    const args = ['run', 'visit.ts', '--on', 'docker', '-t', 'http://nobody.invalid:1'];
    const { exitCode, stderr } = await runLoads(workspace, args);
    expect([exitCode, stderr]).toEqual([
      104,
      expect.stringContaining('the target http://nobody.invalid:1 does not answer'),
    ]);
    const log = await readFile(join(await workspace.run(), 'nodes/1/sidecar.log'), 'utf8');
    expect(log).toContain('nobody.invalid');
  });

  test('nodes join a network that is there, and know its names', async () => {
    await using workspace = await Workspace.create('visit.ts');
    const name = `loads-test-${process.pid}`;
    const network = await engine.createNetwork({ Name: name, Labels: { 'loads.test': String(process.pid) } });
    const shop = await engine.createContainer({
      Image: 'node:24-bookworm-slim',
      name: `${name}-shop`,
      Labels: { 'loads.test': String(process.pid) },
      Cmd: ['node', '-e', "require('node:http').createServer((_, answer) => answer.end('{}')).listen(8080)"],
      HostConfig: { NetworkMode: name },
    });
    try {
      await shop.start();
      const args = [
        'run',
        'visit.ts',
        '--on',
        'docker',
        '--network',
        name,
        '-d',
        '2s',
        '-t',
        `http://${name}-shop:8080`,
      ];
      const { exitCode, stdout, stderr } = await runLoads(workspace, args);
      expect(exitCode, stdout + stderr).toBe(0);
      expect((await workspace.summary()).total.ok).toBeGreaterThan(5);
      // Somebody else's network stays.
      await until(async () => (await network.inspect()) !== undefined, 'the network is gone');
    } finally {
      await shop.remove({ force: true });
      await network.remove();
    }
  });
});

const IDLE = `import { scenario } from '@loads/node';
scenario('idle', async ({ sleep, env }) => { await sleep(Number(env.WAIT)); });
`;

type Told = {
  readonly run: string;
  readonly lost: number;
  readonly nodeRows: readonly { readonly state: string }[];
  readonly iterations: readonly { readonly ok: number }[];
};

function summaryIn(stdout: string): Told {
  const line = stdout.split('\n').find((one) => one.includes('"type":"summary"')) ?? '{}';
  return (JSON.parse(line) as { summary: Told }).summary;
}

import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeOnEngine, TEST_LABELS } from '../support/docker.ts';
import { runLoads, startLoads } from '../support/loads.ts';
import { startTarget } from '../support/target.ts';
import { until } from '../support/until.ts';
import { Workspace } from '../support/workspace.ts';
import { containerOf, engine, madeBy } from './made-by.ts';

const SHELLESS = `loads-test-shellless-${process.pid}`;

/** Makes requests for a while and tells of them in plain statsd. */
const PROGRAM = `
const { STATSD_HOST, STATSD_PORT, LOADS_TARGET, LOADS_PROXY_WEB } = process.env;
const socket = require('node:dgram').createSocket('udp4');
const say = (line) => new Promise((resolve) => socket.send(line, STATSD_PORT, STATSD_HOST, resolve));
(async () => {
  if (!LOADS_TARGET.includes(LOADS_PROXY_WEB)) process.exit(9);
  for (let i = 0; i < 30; i++) {
    const began = performance.now();
    const answer = await fetch(LOADS_TARGET + 'items');
    await answer.text();
    await say('http_reqs:1|c|#name:items\\nhttp_req_duration:' + (performance.now() - began) + '|ms|#name:items');
  }
  socket.close();
  process.exitCode = 3;
})();`;

await describeOnEngine('any image as the scenario', ['node:24-bookworm-slim'], () => {
  beforeAll(async () => {
    const archive = pack();
    archive.entry({ name: 'Dockerfile' }, 'FROM node:24-bookworm-slim\nRUN rm -f /bin/bash /bin/dash /bin/sh\n');
    archive.finalize();
    const options = { t: SHELLESS, labels: { ...TEST_LABELS } as Record<string, string> };
    const output = await engine.buildImage(Readable.from(archive), options);
    await new Promise((resolve, reject) => {
      engine.modem.followProgress(output, (error) => (error ? reject(error) : resolve(undefined)));
    });
  });
  afterAll(async () => {
    await engine.getImage(SHELLESS).remove({ force: true });
  });

  test('a program without a shell is measured by its statsd, through its proxies, and judged by its exit code', async () => {
    await using target = await startTarget('0.0.0.0');
    await using workspace = await Workspace.create();
    const { port } = new URL(target.url);
    await workspace.write(
      'loads.yml',
      `{ on: docker, nodes: 2, duration: 30s, target: 'http://host.docker.internal:${port}', proxies: { web: { protocol: http } } }`,
    );
    await using loads = startLoads(workspace, [
      'run',
      'loads.yml',
      '--image',
      SHELLESS,
      '--fail',
      '--',
      'node',
      '-e',
      PROGRAM,
    ]);
    const { exitCode, stdout, stderr } = await loads.ended;
    expect(exitCode, stdout + stderr).toBe(97);
    const { nodeRows, iterations, total } = await workspace.summary();
    expect(nodeRows.map(({ state, commandExit }) => [state, commandExit])).toEqual([
      ['done', 3],
      ['done', 3],
    ]);
    expect(iterations).toMatchObject([{ scenario: 'node', ok: 0, failed: 2 }]);
    expect(total.ok).toBe(60);
    expect((await target.stats()).requests['GET /items']).toBe(60);
    expect(await madeBy(loads.pid)).toEqual([]);
  });

  test('a program that is not in the image is an error that says so, and nothing is left', async () => {
    await using workspace = await Workspace.create();
    const args = ['run', '--on', 'docker', '--image', SHELLESS, '-d', '2s', '--', 'sh', '-c', 'true'];
    await using loads = startLoads(workspace, args);
    const { exitCode, stderr } = await loads.ended;
    expect([exitCode, stderr]).toEqual([104, expect.stringContaining(`there is no program 'sh' in its image`)]);
    expect(await madeBy(loads.pid)).toEqual([]);
  });

  test("the plan's time ends a program, and what is left of it dies with its sidecar", async () => {
    await using workspace = await Workspace.create();
    const forever = "process.on('SIGTERM', () => console.log('told')); setInterval(() => {}, 1000);";
    const args = ['run', '--on', 'docker', '--image', SHELLESS, '-d', '1s', '--', 'node', '-e', forever];
    await using loads = startLoads(workspace, args);
    const { exitCode, stdout } = await loads.ended;
    expect(exitCode, stdout).toBe(0);
    // What it was told, and was then killed for, is no failure of its own.
    expect((await workspace.summary()).nodeRows).toMatchObject([{ state: 'done', commandExit: 0 }]);
    expect((await runLoads(workspace, ['logs'])).stdout).toContain('node 1 scenario | told');
  });

  test('a program ends with its sidecar, and the run is invalid', async () => {
    await using workspace = await Workspace.create();
    const args = [
      'run',
      '--on',
      'docker',
      '--image',
      SHELLESS,
      '-d',
      '60s',
      '--',
      'node',
      '-e',
      'setInterval(() => {}, 1000)',
    ];
    await using loads = startLoads(workspace, args);
    await loads.shows(/s \/ 1m/);
    const run = (await workspace.run()).split('/').at(-1) ?? '';
    const scenario = await containerOf(run, 1, 'scenario');
    await until(async () => (await scenario.inspect()).State.Running, 'the program is not started');
    await (await containerOf(run, 1, 'sidecar')).kill();
    const { exitCode, stdout } = await loads.ended;
    expect(exitCode, stdout).toBe(98);
    expect(stdout).toMatch(/node 1 was lost: .*it was killed/);
    expect(await madeBy(loads.pid)).toEqual([]);
  });
});

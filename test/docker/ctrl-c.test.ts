import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { describeOnEngine } from '../support/docker.ts';
import { type RunningLoads, runLoads, startLoads } from '../support/loads.ts';
import { until } from '../support/until.ts';
import { Workspace } from '../support/workspace.ts';
import { startForward } from './forward.ts';
import { madeBy } from './made-by.ts';

const IDLE = `import { scenario } from '@loads/node';
scenario('idle', async ({ sleep }) => { await sleep(50); });
`;
const SETUP = `import { scenario, setup } from '@loads/node';
setup(async ({ sleep }) => { console.log('setup has begun'); await sleep(60_000); });
scenario('idle', async ({ sleep }) => { await sleep(50); });
`;
const SLOW_TO_LOAD = `import { writeFileSync } from 'node:fs';
writeFileSync(new URL('loading', import.meta.url), '');
await new Promise((resolve) => setTimeout(resolve, 25_000));\n${IDLE}`;
const RUN = ['--on', 'docker', '--nodes', '2', '-d', '1m'];

/** A folder with the scenarios. */
async function scenarios(): Promise<Workspace> {
  const workspace = await Workspace.create();
  await workspace.write('idle.ts', IDLE);
  await workspace.write('setup.ts', SETUP);
  await workspace.write('slow.ts', SLOW_TO_LOAD);
  return workspace;
}

/** Presses Ctrl-C, and expects that it ends the run as stopped and that nothing is left of it. */
async function expectStopped(loads: RunningLoads): Promise<void> {
  loads.ctrlC();
  const { exitCode, stdout, stderr } = await loads.ended;
  expect(exitCode, stdout + stderr).toBe(105);
  expect(await madeBy(loads.pid)).toEqual([]);
}

await describeOnEngine('Ctrl-C', ['node:24-bookworm-slim'], () => {
  test('in the preflight, while the scenario is loaded, makes nothing', async () => {
    await using workspace = await scenarios();
    await using loads = startLoads(workspace, ['run', 'slow.ts', ...RUN]);
    await until(() => existsSync(workspace.file('loading')), 'the scenario is not loaded');
    await expectStopped(loads);
    expect(await workspace.runs()).toEqual([]);
    await workspace.quiet();
  });

  test('in the preflight, while an image is pulled, makes nothing', async () => {
    const asked = Promise.withResolvers<void>();
    // A registry that is there and says nothing about the image.
    const registry = createServer(({ url = '' }, answer) => {
      if (url.includes('/manifests/')) asked.resolve();
      else answer.end('{}');
    });
    await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
    try {
      const image = `127.0.0.1:${(registry.address() as AddressInfo).port}/loads-test:1`;
      await using workspace = await scenarios();
      await using loads = startLoads(workspace, ['run', '--image', image, ...RUN, '--', 'x']);
      await Promise.race([asked.promise, loads.ended]);
      await expectStopped(loads);
      expect(await workspace.runs()).toEqual([]);
    } finally {
      registry.closeAllConnections();
      registry.close();
    }
  });

  test.each([
    ['nodes are launched', 'idle.ts', async (loads: RunningLoads) => await loads.shows(/launched 1\/2 nodes/)],
    [
      'the setup runs',
      'setup.ts',
      async (_: RunningLoads, workspace: Workspace) => {
        const said = async (): Promise<boolean> =>
          (await runLoads(workspace, ['logs'])).stdout.includes('setup has begun');
        await until(said, 'the setup does not begin');
      },
    ],
    ['nodes work', 'idle.ts', async (loads: RunningLoads) => await loads.shows(/s \/ 1m/)],
  ] as const)('while %s leaves no container, network or volume', async (_, file, wait) => {
    await using workspace = await scenarios();
    await using loads = startLoads(workspace, ['run', file, ...RUN]);
    await wait(loads, workspace);
    expect((await madeBy(loads.pid)).length).toBeGreaterThan(5);
    await expectStopped(loads);
  });

  test('while results are collected leaves nothing, and what was measured is judged', async () => {
    await using forward = await startForward();
    await using workspace = await scenarios();
    const { held, release } = forward.hold(/^GET \S+\/archive\?path=\S*nodes /);
    const env = { DOCKER_HOST: `tcp://127.0.0.1:${forward.port}` };
    await using loads = startLoads(workspace, ['run', 'idle.ts', '--on', 'docker', '--nodes', '2', '-d', '1s'], env);
    await Promise.race([held, loads.ended]);
    expect((await madeBy(loads.pid)).length).toBeGreaterThan(5);
    loads.ctrlC();
    await loads.shows(/stopping/);
    release();
    const { exitCode, stdout, stderr } = await loads.ended;
    expect(exitCode, stdout + stderr).toBe(105);
    expect((await workspace.summary()).nodeRows.map(({ state }) => state)).toEqual(['done', 'done']);
    expect(await madeBy(loads.pid)).toEqual([]);
  });
});

import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { describeOnEngine } from '../support/docker.ts';
import { runLoads, startLoads } from '../support/loads.ts';
import { Workspace } from '../support/workspace.ts';
import { madeBy } from './made-by.ts';

/** Where the first node of the host's network listens for its scenario. */
const LINK_PORT = 21_000;
const IDLE = `import { scenario } from '@loads/node';
scenario('idle', async ({ sleep }) => { await sleep(50); });
`;
const RUN = ['run', 'idle.ts', '--on', 'docker', '--network', 'host', '--nodes', '2', '-i', '6'];

await describeOnEngine("nodes on the host's network", ['node:24-bookworm-slim'], () => {
  test('each has ports of its own', async () => {
    await using workspace = await Workspace.create();
    await workspace.write('idle.ts', IDLE);
    const { exitCode, stdout, stderr } = await runLoads(workspace, RUN);
    expect(exitCode, stdout + stderr).toBe(0);
    expect((await workspace.summary()).nodeRows.map(({ state }) => state)).toEqual(['done', 'done']);
  });

  test('a port that somebody else has is one clear message, and nothing is left', async () => {
    await using workspace = await Workspace.create();
    await workspace.write('idle.ts', IDLE);
    const other = createServer().listen(LINK_PORT, '127.0.0.1');
    await once(other, 'listening');
    try {
      await using loads = startLoads(workspace, RUN);
      const { exitCode, stdout, stderr } = await loads.ended;
      expect([exitCode, stderr], stdout).toEqual([
        104,
        expect.stringMatching(
          /^error: a port of the node is taken: .*EADDRINUSE.*127\.0\.0\.1:21000\n {2}give the nodes a network of their own: .*\n$/,
        ),
      ]);
      expect(await madeBy(loads.pid)).toEqual([]);
    } finally {
      other.close();
    }
  });
});

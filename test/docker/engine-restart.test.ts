import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeOnEngine } from '../support/docker.ts';
import { runLoads, startLoads } from '../support/loads.ts';
import { Workspace } from '../support/workspace.ts';
import { lendImages, type SecondEngine, secondEngineAbsence, startSecondEngine } from './second-engine.ts';

const ROOT = join(import.meta.dirname, '../..');
const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
const IMAGES = [`loads-node:${version}`, `loads-vaurien:${version}`];
const IDLE = `import { scenario } from '@loads/node';
scenario('idle', async ({ sleep }) => { await sleep(50); });
`;

/** The default bridges of engines on this machine. */
async function bridges(): Promise<readonly string[]> {
  return (await readdir('/sys/class/net')).filter((name) => /^docker\d+$/.test(name));
}

/** Why the suite cannot run: the engine is tried, since much may be in its way. */
let second: SecondEngine | string = secondEngineAbsence() ?? 'it was not started';

await describeOnEngine('an engine of its own', ['node:24-bookworm-slim', ...IMAGES], () => {
  let before: readonly string[] = [];
  beforeAll(async () => {
    before = await bridges();
    if (secondEngineAbsence() !== undefined) return;
    second = await startSecondEngine().catch((error: Error) => error.message);
    if (typeof second !== 'string') await lendImages(second.docker, IMAGES);
  }, 120_000);
  afterAll(async () => {
    if (typeof second !== 'string') await second[Symbol.asyncDispose]();
    // The engine that everybody else uses has lost nothing by it.
    expect(await bridges()).toEqual(before);
  }, 60_000);

  test('that is restarted in the middle of a run ends it as invalid, says so, and keeps nothing of it', async (context) => {
    if (typeof second === 'string') return context.skip(`a second engine: ${second}`);
    await using workspace = await Workspace.create();
    await workspace.write('idle.ts', IDLE);
    const env = { DOCKER_HOST: second.address };
    await using loads = startLoads(workspace, ['run', 'idle.ts', '--on', 'docker', '--nodes', '2', '-d', '5m'], env);
    await loads.shows(/s \/ 5m/);
    // It has room for the network of one run.
    const another = await runLoads(workspace, ['run', 'idle.ts', '--on', 'docker', '-i', '5'], env);
    expect([another.exitCode, another.stderr]).toEqual([
      109,
      expect.stringMatching(/makes no network for the run: .*\n {2}remove networks that nobody uses \(`loads gc`/),
    ]);
    await second.stop();
    await second.start();
    const { exitCode, stdout, stderr } = await loads.ended;
    expect(exitCode, stdout + stderr).toBe(98);
    expect(stdout).toMatch(/node 1 was (lost|ended from outside)/);
    expect(stdout).toMatch(/node 2 was (lost|ended from outside)/);
    expect(stderr).toBe('');
    const all = { all: true, filters: { label: ['loads.run'] } };
    expect(await second.docker.listContainers(all)).toEqual([]);
    expect(await second.docker.listNetworks(all)).toEqual([]);
    expect((await second.docker.listVolumes(all)).Volumes ?? []).toEqual([]);
  });
});

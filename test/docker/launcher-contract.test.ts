import { mkdtempDisposable, readdir, readFile, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LoadsError, NODE_FILES, type NodeStart, type RunPlan } from '@loads/core';
import { expect, test } from 'vitest';
import { DEFAULT_PIDS } from '../../orchestrator/src/launch/docker/docker-settings.ts';
import type { Launcher, NodeGroup, NodeView } from '../../orchestrator/src/launch/launcher.ts';
import { launcherOf } from '../../orchestrator/src/launch/registry.ts';
import { RunFolder } from '../../orchestrator/src/store/run-folder.ts';
import { describeOnEngine } from '../support/docker.ts';
import { until } from '../support/until.ts';
import { containersOf } from './made-by.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures');
const IDLE: RunPlan['scenario'] = { kind: 'command', command: ['node', '-e', 'setInterval(() => {}, 1000)'] };

/** What every launcher has to keep: one suite for all. */
await describeOnEngine('every launcher', ['node:24-bookworm-slim'], () => {
  test.each(['process', 'docker'])(
    '%s: nodes start, live, are told and found again, and leave their results',
    async (name) => {
      await inFolder(name, async (launcher, folder) => {
        const launched: number[] = [];
        const options = {
          signal: new AbortController().signal,
          onLaunched: (nodes: number) => void launched.push(nodes),
        };
        const nodes = await launcher.launch(folder, options);
        try {
          expect(launched).toEqual([1, 2]);
          await has(nodes, NODE_FILES.ready);
          const views = await nodes.look();
          expect(views.map(({ node, sidecar, scenario }) => [node, sidecar, scenario])).toEqual([
            [1, true, true],
            [2, true, true],
          ]);
          expect(await views[0]?.read('nothing.json')).toBeUndefined();

          const start: NodeStart = { atMs: Date.now() + nodes.headStartMs, setup: { key: 'x'.repeat(100_000) } };
          await nodes.begin(start);
          await has(nodes, NODE_FILES.live);
          const again = await launcher.attach(folder);
          const [first] = await again.look();
          expect(JSON.parse(new TextDecoder().decode(await first?.read(NODE_FILES.start)))).toEqual(start);

          // One is killed, and the other told to end.
          await again.kill([2]);
          const lives = async (): Promise<readonly boolean[]> => (await nodes.look()).map(({ sidecar }) => sidecar);
          await until(async () => (await lives())[1] === false, 'node 2 lives');
          expect(await lives()).toEqual([true, false]);
          await again.stop({ graceful: true });
          await until(async () => (await lives())[0] === false, 'node 1 does not end');
          await nodes.kill();
          await nodes.collect();
          await nodes.collect();
          expect(await readdir(folder.nodeDir(1))).toEqual(
            expect.arrayContaining([NODE_FILES.result, NODE_FILES.stop]),
          );
          expect(await readdir(folder.nodeDir(2))).not.toContain(NODE_FILES.points);
          expect(await readFile(join(folder.nodeDir(1), 'sidecar.log'), 'utf8')).toBe('');
          expect(await nodes.remove()).toBeUndefined();
          expect(await nodes.remove()).toBeUndefined();
        } finally {
          await nodes.kill();
          await nodes.remove();
        }
        // What was collected is still there for whoever asks.
        const left = await (await launcher.attach(folder)).look();
        expect(left.map(({ sidecar }) => sidecar)).toEqual([false, false]);
      });
    },
  );

  test.each(['process', 'docker'])('%s: a launch that is aborted leaves nothing', async (name) => {
    await inFolder(name, async (launcher, folder) => {
      const stop = new AbortController();
      const reason = new LoadsError('ERR_STOPPED', 'enough');
      const launching = launcher.launch(folder, { signal: stop.signal, onLaunched: () => undefined });
      setTimeout(() => stop.abort(reason), name === 'docker' ? 400 : 50);
      await expect(launching).rejects.toBe(reason);
      expect(await containersOf(folder.record.run)).toEqual([]);
    });
  });
});

/** A run of two nodes in a folder of its own. */
async function inFolder(name: string, work: (launcher: Launcher, folder: RunFolder) => Promise<void>): Promise<void> {
  await using dir = await mkdtempDisposable(join(await realpath(tmpdir()), 'loads-launcher-'));
  const launcher = launcherOf(name, {
    settings: { hosts: [], pids: DEFAULT_PIDS },
    env: process.env,
    directory: FIXTURES,
    configured: false,
  });
  const plan: RunPlan = {
    version: 1,
    name: 'contract',
    scenario: IDLE,
    nodes: 2,
    workers: 2,
    durationMs: 60_000,
    gracefulStopMs: 0,
    recoveryMs: 0,
    seed: 1,
    env: {},
    proxies: [],
    schedule: [],
    thresholds: [],
  };
  const needs = await launcher.prepare(plan, new AbortController().signal);
  const run = `20261121-000000-contract-${name}-${process.pid.toString(16).padStart(4, '0').slice(-4)}`;
  const judging = { tolerateLostNodes: false };
  const record = {
    version: 1 as const,
    run,
    plan,
    launcher: name,
    createdAt: new Date().toISOString(),
    judging,
    ...needs,
  };
  await work(launcher, await RunFolder.create(dir.path, record));
}

/** Waits until every node has a file. */
async function has(nodes: NodeGroup, file: string): Promise<void> {
  const there = async (view: NodeView): Promise<boolean> => (await view.read(file)) !== undefined;
  await until(async () => (await Promise.all((await nodes.look()).map(there))).every((one) => one), `no ${file}`);
}

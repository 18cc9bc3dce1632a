import { setTimeout as sleep } from 'node:timers/promises';
import {
  NODE_FILES,
  type NodeData,
  type NodeOrder,
  type NodeReady,
  type NodeStart,
  type NodeStop,
  type ReportedError,
} from '@loads/core';
import type { ScenarioEnd as Scenario } from './foreign-program.ts';
import type { NodeFiles } from './node-files.ts';
import type { RunClock } from './run-clock.ts';

const POLL_MS = 20;
/** A node that nobody starts ends by itself. */
const LONGEST_WAIT_MS = 120_000;

/** The order of the node, which may come a moment after its sidecar. */
export async function orderIn(
  files: NodeFiles,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<NodeOrder | undefined> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const order = await files.read<NodeOrder>(NODE_FILES.order);
    if (order || signal.aborted || performance.now() >= deadline) return order;
    await sleep(POLL_MS);
  }
}

/** Waits until the scenario process is ready and the start is given; undefined when it will not be. */
export async function waitForStart(
  files: NodeFiles,
  link: Scenario,
  clock: RunClock,
  signal: AbortSignal,
): Promise<NodeStart | undefined> {
  const giveUp = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_WAIT_MS)]);
  const aborted = new Promise<void>((resolve) => giveUp.addEventListener('abort', () => resolve(), { once: true }));
  const waiting = new AbortController();
  const passing = passSetup(files, link, waiting.signal);
  const setup = await Promise.race([
    link.ready.then((value) => ({ value })),
    link.failed.then((error) => ({ error })),
    link.closed.then(() => ({ error: GONE })),
    aborted,
  ]);
  waiting.abort();
  await passing;
  if (!setup) return undefined;
  if ('error' in setup) {
    await files.write(NODE_FILES.failed, setup.error);
    return undefined;
  }
  const ready: NodeReady = { setup: setup.value, nowMs: clock.now() };
  await files.write(NODE_FILES.ready, ready);
  let gone = false;
  void link.closed.then(() => {
    gone = true;
  });
  while (!giveUp.aborted && !gone) {
    if (await files.read<NodeStop>(NODE_FILES.stop)) return undefined;
    const start = await files.read<NodeStart>(NODE_FILES.start);
    if (start) return start;
    await sleep(POLL_MS);
  }
  if (gone) await files.write(NODE_FILES.failed, GONE);
  return undefined;
}

/** Where fixtures of processes wait for what the setup gave: passes it on to the orchestrator, and from there to all. */
async function passSetup(files: NodeFiles, link: Scenario, over: AbortSignal): Promise<void> {
  let given: NodeData | undefined;
  void link.setup.then((setup) => {
    given = { setup };
  });
  for (let told = false; !over.aborted; await sleep(POLL_MS)) {
    if (given && !told) await files.write(NODE_FILES.setup, given);
    told = given !== undefined;
    const data = await files.read<NodeData>(NODE_FILES.data);
    if (data) return link.send({ type: 'data', setup: data.setup });
  }
}

const GONE: ReportedError = {
  code: 'ERR_SCENARIO_LOAD',
  message: 'the scenario process ended before it was ready',
  hint: 'its output is in scenario.log of the node',
};

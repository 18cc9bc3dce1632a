import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  endMeaning,
  NODE_FILES,
  type NodeData,
  type NodeOrder,
  type NodeReady,
  type NodeStart,
  type NodeStop,
  type ProcessEnd,
  type ReportedError,
} from '@loads/core';
import type { ScenarioEnd as Scenario } from './foreign-program.ts';
import { lastOutput } from './last-output.ts';
import type { NodeFiles } from './node-files.ts';
import type { RunClock } from './run-clock.ts';
import { untilUndone } from './until-undone.ts';

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

/** Where a sidecar waits for the start. */
export type Waiting = {
  readonly node: number;
  readonly files: NodeFiles;
  readonly link: Scenario;
  readonly clock: RunClock;
  /** Ends the node. */
  readonly signal: AbortSignal;
  /** How long fixtures that go on may take when the run is not to begin. */
  readonly gracefulStopMs: number;
  /** How the process ended that has gone, if that is known. */
  readonly lostEnd: () => Promise<ProcessEnd | undefined>;
};

/** Why a run does not begin on a node: it was stopped, a process failed or has gone, or nobody gave the start. */
type NotBegun = 'stopped' | 'gone' | 'late';

/**
 * Waits until the scenario processes are ready and the start is given. Gives undefined when it will not be: then the
 * processes have undone what they had set up, and why is in the node's folder.
 */
export async function waitForStart(waiting: Waiting): Promise<NodeStart | undefined> {
  const { files, link, signal } = waiting;
  const start = await untilStart(waiting);
  if (typeof start === 'object') return start;
  await untilUndone(waiting);
  // Who was told to stop has not failed; somebody else may have.
  const failure = link.failures.find(({ code }) => code !== STOPPED.code);
  const reason = failure ?? (start === 'gone' ? await gone(waiting) : (link.failures[0] ?? STOPPED));
  // Who ends a node from outside, or leaves it alone, has not stopped the run.
  const known = failure !== undefined || start === 'gone' || (start === 'stopped' && !signal.aborted);
  if (known) await files.write(NODE_FILES.failed, reason);
  return undefined;
}

/** Passes on what the setup gave, where fixtures of processes wait for it: to the orchestrator, and from there to all. */
async function untilStart({ files, link, clock, signal }: Waiting): Promise<NodeStart | NotBegun> {
  const deadline = performance.now() + LONGEST_WAIT_MS;
  const said = listenTo(link);
  let [setupTold, dataGiven, readyTold] = [false, false, false];
  while (performance.now() < deadline) {
    // Once it was given, it is a run that begins, and is stopped as one.
    const start = readyTold ? await files.read<NodeStart>(NODE_FILES.start) : undefined;
    if (start) return start;
    if (said.over) return 'gone';
    if (signal.aborted || (await files.read<NodeStop>(NODE_FILES.stop))) return 'stopped';
    if (said.setup && !setupTold) {
      await files.write(NODE_FILES.setup, said.setup);
      setupTold = true;
    }
    const data = dataGiven || readyTold ? undefined : await files.read<NodeData>(NODE_FILES.data);
    if (data) {
      link.send({ type: 'data', setup: data.setup });
      dataGiven = true;
    }
    if (said.ready && !readyTold) {
      const ready: NodeReady = { setup: said.ready.setup, nowMs: clock.now() };
      await files.write(NODE_FILES.ready, ready);
      readyTold = true;
    }
    await Promise.race([sleep(POLL_MS), said.next()]);
  }
  return 'late';
}

/** What a scenario has said so far. */
type Said = {
  readonly setup: NodeData | undefined;
  readonly ready: NodeData | undefined;
  /** A process has failed, or is gone. */
  readonly over: boolean;
  /** Resolves when something more is said. */
  next(): Promise<void>;
};

function listenTo(link: Scenario): Said {
  let more = Promise.withResolvers<void>();
  const said = {
    setup: undefined as NodeData | undefined,
    ready: undefined as NodeData | undefined,
    over: false,
    next: (): Promise<void> => more.promise,
  };
  const hear = (change: Partial<typeof said>): void => {
    Object.assign(said, change);
    more.resolve();
    more = Promise.withResolvers<void>();
  };
  void link.setup.then((setup) => hear({ setup: { setup } }));
  void link.ready.then((setup) => hear({ ready: { setup } }));
  void Promise.race([link.failed, link.closed]).then(() => hear({ over: true }));
  return said;
}

const STOPPED: ReportedError = { code: 'ERR_STOPPED', message: 'stopped before the run had begun' };

async function gone({ files, node, lostEnd }: Waiting): Promise<ReportedError> {
  // Of a container the engine has the output.
  const meaning = endMeaning((await lostEnd()) ?? {}, await lastOutput(join(files.dir, 'scenario.log')));
  return {
    code: 'ERR_SCENARIO_LOAD',
    gone: true,
    message: `the scenario process ended before it was ready${meaning === undefined ? '' : `: ${meaning}`}`,
    hint: `its output is in nodes/${node}/scenario.log of the run, and -v shows it`,
  };
}

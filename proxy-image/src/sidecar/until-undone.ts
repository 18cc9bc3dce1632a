import { setTimeout as sleep } from 'node:timers/promises';
import { NODE_FILES, type NodeStop } from '@loads/core';
import type { ScenarioEnd as Scenario } from './foreign-program.ts';
import type { NodeFiles } from './node-files.ts';

const POLL_MS = 20;
/** For the teardowns, after what fixtures get to end by themselves, ms. */
const TEARDOWN_MS = 30_000;
/** For all of it when the node itself has to end, ms. */
const AT_ONCE_MS = 3000;
const GRACEFUL: NodeStop = { graceful: true };
const AT_ONCE: NodeStop = { graceful: false };

export type Undoing = {
  readonly files: Pick<NodeFiles, 'read'>;
  readonly link: Pick<Scenario, 'joined' | 'gone' | 'send'>;
  /** Ends the node. */
  readonly signal: AbortSignal;
  /** How long a fixture that goes on may take to end by itself. */
  readonly gracefulStopMs: number;
};

/** Has the processes undo what they had set up, and waits until they are gone. A stop that is to be at once is passed on. */
export async function untilUndone({ files, link, signal, gracefulStopMs }: Undoing): Promise<void> {
  // Whoever has not come has set nothing up.
  if (link.joined === 0) return;
  let endMs = performance.now() + gracefulStopMs + TEARDOWN_MS;
  let gone = false;
  const all = link.gone.then(() => {
    gone = true;
  });
  for (let told: boolean | undefined; !gone && performance.now() < endMs; ) {
    const { graceful } = signal.aborted ? AT_ONCE : ((await files.read<NodeStop>(NODE_FILES.stop)) ?? GRACEFUL);
    if (graceful !== told) link.send({ type: 'stop', graceful });
    if (!graceful && told !== false) endMs = Math.min(endMs, performance.now() + AT_ONCE_MS);
    told = graceful;
    await Promise.race([all, sleep(POLL_MS)]);
  }
}

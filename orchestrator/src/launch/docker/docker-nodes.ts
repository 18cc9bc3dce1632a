import { setTimeout as sleep } from 'node:timers/promises';
import { LoadsError, NODE_FILES, type NodeStart, type NodeStop, type ProgramExit } from '@loads/core';
import type { FoundContainer } from '../../engine/engine.ts';
import { EngineRefusal, isAway } from '../../engine/engine-error.ts';
import { inParallel } from '../../engine/in-parallel.ts';
import type { NodeGroup, NodeView } from '../launcher.ts';
import { containerReason } from './container-reason.ts';
import { AT_ONCE, type EngineNodes } from './engine-nodes.ts';
import { LABEL } from './labels.ts';

/** How long an engine may be away, as when it is restarted or its network fails, ms. */
const AWAY_MS = 60_000;
const RETRY_MS = 500;
const RUNNING: readonly string[] = ['running', 'paused', 'restarting'];

/** An engine with the nodes that it runs. */
export type EngineShare = { readonly nodes: EngineNodes; readonly numbers: readonly number[] };

/** The nodes of a run in containers, spread over engines. */
export class DockerNodes implements NodeGroup {
  readonly pollMs = 500;
  readonly headStartMs = 700;
  readonly #shares: readonly EngineShare[];
  readonly #folder: string;
  readonly #foreign: boolean;
  readonly #told = new Set<number>();

  /** `folder` is where the nodes' folders are in the run's; `foreign`: the scenarios are begun and judged by the engine. */
  constructor(shares: readonly EngineShare[], folder: string, foreign: boolean) {
    this.#shares = shares;
    this.#folder = folder;
    this.#foreign = foreign;
  }

  async look(): Promise<readonly NodeView[]> {
    const views = await Promise.all(this.#shares.map((share) => patiently(() => this.#lookAt(share))));
    return views.flat().toSorted((a, b) => a.node - b.node);
  }

  async write(name: string, content: unknown): Promise<void> {
    await this.#each(({ nodes, numbers }) => nodes.putJson(numbers, name, content));
  }

  /** A foreign program is begun at the instant itself, one on each engine after the other. */
  async begin(start: NodeStart): Promise<void> {
    await this.write(NODE_FILES.start, start);
    if (!this.#foreign) return;
    await sleep(Math.max(0, start.atMs - Date.now()));
    await this.#each(async ({ nodes }) => {
      const created = (await nodes.containers()).filter(({ labels }) => labels[LABEL.role] === 'scenario');
      await inParallel(created, AT_ONCE, ({ id, labels }) => begin(nodes, id, labels[LABEL.node] ?? ''));
    });
  }

  async stop(stop: NodeStop): Promise<void> {
    await this.write(NODE_FILES.stop, stop);
  }

  async kill(numbers?: readonly number[]): Promise<void> {
    if (numbers?.length === 0) return;
    await this.#each(async ({ nodes }) => {
      const doomed = (await nodes.containers()).filter(
        ({ labels, state }) => RUNNING.includes(state) && (numbers?.includes(Number(labels[LABEL.node])) ?? true),
      );
      await inParallel(doomed, AT_ONCE, ({ id }) => nodes.engine.kill(id));
    });
  }

  async collect(): Promise<ReadonlyMap<number, string>> {
    const reasons = new Map<number, string>();
    await this.#each(async ({ nodes }) => {
      const containers = await nodes.containers();
      if (this.#foreign) await this.#tellExits(nodes, containers);
      await nodes.collect(this.#folder);
      await inParallel(containers, AT_ONCE, async ({ id, labels }) => {
        const end = await nodes.engine.end(id);
        const why = end && containerReason(labels[LABEL.role], end);
        if (why !== undefined) reasons.set(Number(labels[LABEL.node]), why);
      });
    });
    return reasons;
  }

  async remove(): Promise<string | undefined> {
    try {
      await this.#each(({ nodes }) => nodes.remove());
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  async #lookAt({ nodes, numbers }: EngineShare): Promise<readonly NodeView[]> {
    const containers = await nodes.containers();
    if (this.#foreign) await this.#tellExits(nodes, containers);
    const running = new Set(
      containers
        .filter(({ state }) => RUNNING.includes(state))
        .map(({ labels }) => `${labels[LABEL.node]}/${labels[LABEL.role]}`),
    );
    // One archive has the files of all nodes, and is fetched when somebody reads one.
    let states: Promise<ReadonlyMap<string, Uint8Array>> | undefined;
    return numbers.map((node) => ({
      node,
      sidecar: running.has(`${node}/sidecar`),
      scenario: running.has(`${node}/scenario`),
      read: async (name) => {
        states ??= nodes.states();
        return (await states).get(`${node}/${name}`);
      },
    }));
  }

  /** The exit code of a program is known to the engine alone: tells it to the sidecars, which count it. */
  async #tellExits(nodes: EngineNodes, containers: readonly FoundContainer[]): Promise<void> {
    const ended = containers.filter(
      ({ labels, state }) =>
        labels[LABEL.role] === 'scenario' && state === 'exited' && !this.#told.has(Number(labels[LABEL.node])),
    );
    await inParallel(ended, AT_ONCE, async ({ id, labels }) => {
      const node = Number(labels[LABEL.node]);
      const end = await nodes.engine.end(id);
      const exit: ProgramExit = { code: end?.exitCode ?? 0 };
      await nodes.putJson([node], NODE_FILES.exit, exit);
      this.#told.add(node);
    });
  }

  async #each(work: (share: EngineShare) => Promise<void>): Promise<void> {
    const outcomes = await Promise.allSettled(this.#shares.map((share) => patiently(() => work(share))));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }
}

/** Starts a program's container. What the image lacks shows only now. */
async function begin({ engine }: EngineNodes, container: string, node: string): Promise<void> {
  try {
    await engine.start(container);
  } catch (cause) {
    if (!(cause instanceof EngineRefusal)) throw cause;
    const missing = /exec: "?([^":]+)"?:? .*(?:not found|no such file|permission denied)/is.exec(cause.message)?.[1];
    if (missing === undefined) throw new LoadsError('ERR_NODE_START', `node ${node}: ${cause.message}`, { cause });
    throw new LoadsError('ERR_FILE_MISSING', `node ${node}: there is no program '${missing}' in its image`, {
      hint: 'an image may have no shell either: give a program that is in it',
      cause,
    });
  }
}

/** Nodes go on while their engine's API is away: so tries again for a while. */
async function patiently<Result>(request: () => Promise<Result>): Promise<Result> {
  const deadline = performance.now() + AWAY_MS;
  for (;;) {
    try {
      return await request();
    } catch (error) {
      if (!isAway(error) || performance.now() > deadline) throw error;
      await sleep(RETRY_MS);
    }
  }
}

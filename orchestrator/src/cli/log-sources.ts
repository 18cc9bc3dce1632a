import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../engine/engine.ts';
import { readFrames } from '../engine/log-frames.ts';
import { LABEL } from '../launch/docker/labels.ts';
import { nodeNumbers } from '../launch/launcher.ts';
import type { KnownRun } from './known-run.ts';

/** What a process of a node has written: its name, and the text as it comes. */
export type LogSource = { readonly name: string; readonly text: AsyncIterable<Uint8Array> };

const ROLES = ['scenario', 'sidecar'] as const;
const POLL_MS = 300;

/** What the processes of a run write, in the order of their nodes; with `follow` each goes on until its node has ended. */
export async function logSources(found: KnownRun, follow: boolean): Promise<readonly LogSource[]> {
  return found.shares.length > 0 ? await ofContainers(found, follow) : await ofFiles(found, follow);
}

/** What a process has written, line by line. */
export async function* linesOf({ text }: LogSource): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of text) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

async function ofContainers({ shares }: KnownRun, follow: boolean): Promise<readonly LogSource[]> {
  const sources: (LogSource & { readonly node: number })[] = [];
  for (const { nodes } of shares) {
    for (const { id, labels } of await nodes.containers()) {
      const node = Number(labels[LABEL.node]);
      sources.push({ node, name: `node ${node} ${labels[LABEL.role]}`, text: written(nodes.engine, id, follow) });
    }
  }
  return sources.toSorted((a, b) => a.node - b.node || a.name.localeCompare(b.name));
}

/** Asked for only when somebody reads: an answer that nobody reads would keep this process from its end. */
async function* written(engine: Engine, container: string, follow: boolean): AsyncGenerator<Uint8Array> {
  const stream = await engine.logs(container, follow);
  if (stream) yield* readFrames(stream);
}

async function ofFiles(found: KnownRun, follow: boolean): Promise<readonly LogSource[]> {
  const folder = await found.folder();
  const nodes = await found.nodes();
  const works = async (): Promise<boolean> => follow && (await nodes.look()).some(({ sidecar }) => sidecar);
  return nodeNumbers(folder.record.plan.nodes).flatMap((node) =>
    ROLES.map((role) => {
      const path = join(folder.nodeDir(node), `${role}.log`);
      return { name: `node ${node} ${role}`, text: growing(path, works) };
    }),
  );
}

/** What a file holds, and what is added to it while `works` says so. */
async function* growing(path: string, works: () => Promise<boolean>): AsyncGenerator<Uint8Array> {
  let read = 0;
  for (;;) {
    const more = await works();
    const size = (await stat(path).catch(() => undefined))?.size ?? 0;
    if (size > read) yield* createReadStream(path, { start: read, end: size - 1 });
    read = Math.max(read, size);
    if (!more) return;
    await sleep(POLL_MS);
  }
}

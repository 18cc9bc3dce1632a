import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { BULKY_FILES } from '@loads/core';
import { type ArchiveFile, packArchive, unpackArchive } from '../../engine/archive.ts';
import type { Engine, FoundContainer } from '../../engine/engine.ts';
import { EngineRefusal } from '../../engine/engine-error.ts';
import { inParallel } from '../../engine/in-parallel.ts';
import { readFrames } from '../../engine/log-frames.ts';
import { LABEL, ofRun, type Role } from './labels.ts';
import { PLACES } from './node-containers.ts';

/** Requests at a time, where many are to be made: engines serialize much of what they do. */
export const AT_ONCE = 8;
const NETWORK_TRIES = 10;
const NETWORK_RETRY_MS = 300;

/** The record of the run, beside its nodes: whoever finds the volume knows the run. */
export const RECORD_FILE: string = `${PLACES.loads}/run.json`;

/** The nodes of a run on one engine, found by their labels, and their files through the container that holds them. */
export class EngineNodes {
  readonly engine: Engine;
  readonly run: string;
  readonly #prefix: string;
  readonly #files: string;

  /** `prefix` begins the names of all that the run has there; `files` is the container that holds its volumes. */
  constructor(engine: Engine, run: string, prefix: string, files: string) {
    this.engine = engine;
    this.run = run;
    this.#prefix = prefix;
    this.#files = files;
  }

  /** The containers of the nodes. */
  async containers(): Promise<readonly FoundContainer[]> {
    const found = await this.engine.containers(ofRun(this.run));
    return found.filter(({ name, labels }) => name.startsWith(`${this.#prefix}-`) && labels[LABEL.role] !== 'files');
  }

  /** Puts files at their absolute paths, which have to be in one of the run's volumes. */
  async put(files: readonly ArchiveFile[]): Promise<void> {
    await this.engine.put(this.#files, '/', await packArchive(files));
  }

  /** Puts a JSON file into the folders of nodes. */
  async putJson(nodes: readonly number[], name: string, content: unknown): Promise<void> {
    const text = JSON.stringify(content);
    const folder = BULKY_FILES.includes(name) ? PLACES.nodes : PLACES.state;
    const files = nodes.map((node): ArchiveFile => {
      const path = `${folder}/${node}/${name}`;
      return { path: `${path}.part`, content: text, appearsAs: path };
    });
    await this.put(files);
  }

  /** The small files of all nodes, `3/live.json` and so on. Half a file, which is seldom, is left out. */
  async states(): Promise<ReadonlyMap<string, Uint8Array>> {
    const archive = await this.engine.get(this.#files, PLACES.state);
    const files = new Map<string, Uint8Array>();
    if (!archive) return files;
    try {
      for await (const { path, content } of unpackArchive(archive))
        files.set(path.split('/').slice(1).join('/'), await buffer(content));
    } catch {
      // A file was replaced by a longer one while it was read, which ends the archive: the next look has it all.
    }
    return files;
  }

  /** A file by its absolute path. */
  async read(path: string): Promise<Uint8Array | undefined> {
    const archive = await this.engine.get(this.#files, path);
    if (!archive) return undefined;
    for await (const { content } of unpackArchive(archive)) return await buffer(content);
    return undefined;
  }

  /** Writes all that the nodes left below `folder`, a folder for each node, with what their containers wrote. */
  async collect(folder: string): Promise<void> {
    for (const place of [PLACES.nodes, PLACES.state]) {
      const archive = await this.engine.get(this.#files, place);
      if (!archive) continue;
      for await (const { path, content } of unpackArchive(archive)) {
        const file = placeBelow(folder, path);
        if (file === undefined) continue;
        await mkdir(dirname(file), { recursive: true, mode: 0o700 });
        await pipeline(content, createWriteStream(file, { mode: 0o600 }));
      }
    }
    await inParallel(await this.containers(), AT_ONCE, (container) => this.#keepLog(container, folder));
  }

  /** Removes the nodes' containers, and leaves what they stand on. */
  async removeContainers(): Promise<void> {
    await removeContainers(this.engine, await this.containers());
  }

  /** Removes every container, network and volume of the run from this engine. */
  async remove(): Promise<void> {
    await removeRun(this.engine, this.run, this.#prefix);
  }

  async #keepLog({ id, labels }: FoundContainer, folder: string): Promise<void> {
    const { [LABEL.node]: node = '', [LABEL.role]: role } = labels;
    const stream = await this.engine.logs(id, false);
    if (!stream || !/^\d+$/.test(node) || !isProcess(role)) return;
    const text: Buffer[] = [];
    for await (const chunk of readFrames(stream)) text.push(chunk);
    await mkdir(join(folder, node), { recursive: true, mode: 0o700 });
    await writeFile(join(folder, node, `${role}.log`), Buffer.concat(text));
  }
}

/**
 * Removes all that carries the label of a run, or of that what has a name that begins with `prefix`. What others remove
 * at the same time is no error.
 */
export async function removeRun(engine: Engine, run: string, prefix = ''): Promise<void> {
  const mine = ({ name }: { readonly name: string }): boolean => name.startsWith(prefix);
  const containers = (await engine.containers(ofRun(run))).filter(mine);
  await removeContainers(engine, containers);
  const [networks, volumes] = await Promise.all([engine.networks(ofRun(run)), engine.volumes(ofRun(run))]);
  await Promise.all([
    ...networks.filter(mine).map(({ id }) => removeNetwork(engine, id)),
    ...volumes.filter(mine).map(({ name }) => engine.removeVolume(name)),
  ]);
}

async function removeContainers(engine: Engine, containers: readonly FoundContainer[]): Promise<void> {
  // Scenarios first: they live in the namespaces of their sidecars.
  const ranks: Readonly<Record<string, number>> = { scenario: 0, sidecar: 1, files: 2 };
  const rankOf = ({ labels }: FoundContainer): number => ranks[labels[LABEL.role] ?? ''] ?? 0;
  for (const rank of [0, 1, 2])
    await inParallel(
      containers.filter((one) => rankOf(one) === rank),
      AT_ONCE,
      ({ id }) => engine.removeContainer(id),
    );
}

/** An engine may still be taking interfaces off a network after their containers have gone. */
async function removeNetwork(engine: Engine, id: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await engine.removeNetwork(id);
    } catch (error) {
      if (!(error instanceof EngineRefusal && error.status === 403) || tries === NETWORK_TRIES) throw error;
      await sleep(NETWORK_RETRY_MS);
    }
  }
}

function isProcess(role: string | undefined): role is Exclude<Role, 'files'> {
  return role === 'sidecar' || role === 'scenario';
}

/** Where a file of an archive (`nodes/3/result.json.gz`) goes; undefined for what would leave the folder, or is half written. */
function placeBelow(folder: string, path: string): string | undefined {
  const [, node = '', ...rest] = path.split('/');
  if (!/^\d+$/.test(node) || rest.length === 0 || rest.includes('..') || path.endsWith('.part')) return undefined;
  return join(folder, node, ...rest);
}

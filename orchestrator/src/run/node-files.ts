import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { LoadsError, NODE_FILES, type NodeResult, nodeResultFromJson } from '@loads/core';
import type { NodeView } from '../launch/launcher.ts';

/** A JSON file of a node, or undefined while it is not there. Throws ERR_RUN_DAMAGED for a file that cannot be read. */
export async function readNodeJson<Content>(view: NodeView, name: string): Promise<Content | undefined> {
  const bytes = await view.read(name);
  if (!bytes) return undefined;
  const damaged = (cause?: unknown): LoadsError =>
    new LoadsError('ERR_RUN_DAMAGED', `node ${view.node}: ${name} is damaged`, { cause });
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw damaged(cause);
  }
  // All of them are objects.
  if (typeof content !== 'object' || content === null) throw damaged();
  return content as Content;
}

/** A node's result in its folder, or undefined when it left none. Throws ERR_RUN_DAMAGED for a file that cannot be read. */
export async function readNodeResult(node: number, dir: string): Promise<NodeResult | undefined> {
  const bytes = await readFile(join(dir, NODE_FILES.result)).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!bytes) return undefined;
  let json: unknown;
  try {
    json = JSON.parse((await promisify(gunzip)(bytes)).toString());
  } catch (cause) {
    throw new LoadsError('ERR_RUN_DAMAGED', `the result of node ${node} is damaged`, { cause });
  }
  return nodeResultFromJson(json);
}

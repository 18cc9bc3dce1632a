import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { LoadsError, NODE_FILES, type NodeResult, nodeResultFromJson } from '@loads/core';
import type { NodeHandle } from '../launch/launcher.ts';

/** A JSON file of a node, or undefined while it is not there. Throws ERR_RUN_DAMAGED for a file that cannot be read. */
export async function readNodeJson<Content>(handle: NodeHandle, name: string): Promise<Content | undefined> {
  const bytes = await handle.read(name);
  try {
    return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as Content);
  } catch (cause) {
    throw new LoadsError('ERR_RUN_DAMAGED', `node ${handle.node}: ${name} is damaged`, { cause });
  }
}

/** A node's result, or undefined when it left none. Throws ERR_RUN_DAMAGED for a file that cannot be read. */
export async function readNodeResult(handle: NodeHandle): Promise<NodeResult | undefined> {
  const bytes = await handle.read(NODE_FILES.result);
  if (!bytes) return undefined;
  let json: unknown;
  try {
    json = JSON.parse((await promisify(gunzip)(bytes)).toString());
  } catch (cause) {
    throw new LoadsError('ERR_RUN_DAMAGED', `the result of node ${handle.node} is damaged`, { cause });
  }
  return nodeResultFromJson(json);
}

import { spawn } from 'node:child_process';
import type { ProcessEnd } from '@loads/core';

/** The other scenario processes of a node. They stand in this one's process group, and end with it. */
export type Siblings = {
  /** Resolves when all of them have ended, in any way: what became of their work they tell the sidecar. */
  readonly ended: Promise<void>;
};

/**
 * Starts so many more processes that run what this one runs: the sidecar tells each its number. `onLost` is told of each
 * that did not end by itself, with 0.
 */
export function startSiblings(count: number, onLost: (end: ProcessEnd) => void): Siblings | undefined {
  if (count === 0) return undefined;
  const args = [...process.execArgv, ...process.argv.slice(1)];
  const children = Array.from({ length: count }, () => spawn(process.execPath, args, { stdio: 'inherit' }));
  const ends = children.map((child) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    child.once('error', () => resolve());
    child.once('exit', (code, signal) => {
      if (code !== 0) onLost(signal === null ? { code: code ?? undefined } : { signal });
      resolve();
    });
    return promise;
  });
  return { ended: Promise.all(ends).then(() => undefined) };
}

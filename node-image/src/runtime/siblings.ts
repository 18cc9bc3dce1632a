import { spawn } from 'node:child_process';

/** The other scenario processes of a node. They stand in this one's process group, and end with it. */
export type Siblings = {
  /** Resolves when all of them have ended, in any way: what became of their work they tell the sidecar. */
  readonly ended: Promise<void>;
};

/** Starts so many more processes that run what this one runs: the sidecar tells each its number. */
export function startSiblings(count: number): Siblings | undefined {
  if (count === 0) return undefined;
  const args = [...process.execArgv, ...process.argv.slice(1)];
  const children = Array.from({ length: count }, () => spawn(process.execPath, args, { stdio: 'inherit' }));
  const ends = children.map((child) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    child.once('exit', () => resolve()).once('error', () => resolve());
    return promise;
  });
  return { ended: Promise.all(ends).then(() => undefined) };
}

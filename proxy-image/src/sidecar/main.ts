import { LoadsError, NODE_FILES, type ReportedError } from '@loads/core';
import { NodeFiles } from './node-files.ts';
import { runSidecar } from './run-sidecar.ts';

/** Who keeps the state apart brings the order while the sidecar starts: how long to wait for it, ms. */
const ORDER_MS = 10_000;

/** `loads-sidecar DIR [STATE]`: the sidecar of the node whose folder is DIR; what tells how it is may lie apart, in STATE. */
export async function main(args: readonly string[]): Promise<number> {
  const [dir, stateDir] = args;
  if (dir === undefined || args.length > 2) {
    process.stderr.write('usage: loads-sidecar DIR [STATE]\n');
    return 104;
  }
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  const files = new NodeFiles(dir, stateDir);
  try {
    await runSidecar(files, stop.signal, { orderMs: stateDir === undefined ? 0 : ORDER_MS });
    return 0;
  } catch (error) {
    const reported = report(error);
    process.stderr.write(`${reported.stack ?? reported.message}\n`);
    // The folder may be the very thing that is broken; stderr has the error then.
    await files.write(NODE_FILES.failed, reported).catch(() => undefined);
    return error instanceof LoadsError ? error.exitCode : 1;
  }
}

function report(error: unknown): ReportedError {
  if (error instanceof LoadsError)
    return { code: error.code, message: error.message, hint: error.hint, stack: error.stack };
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    const hint = 'give the nodes a network of their own: leave `network: host` out';
    return { code: 'ERR_PORT_IN_USE', message: `a port of the node is taken: ${message}`, hint, stack };
  }
  return { code: 'ERR_NODE_START', message: `the sidecar failed: ${message}`, stack };
}

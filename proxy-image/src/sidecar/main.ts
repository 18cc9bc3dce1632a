import { LoadsError, NODE_FILES, type ReportedError } from '@loads/core';
import { NodeFiles } from './node-files.ts';
import { runSidecar } from './run-sidecar.ts';

/** `loads-sidecar DIR`: the sidecar of the node whose folder is DIR. */
export async function main(args: readonly string[]): Promise<number> {
  const [dir] = args;
  if (dir === undefined || args.length > 1) {
    process.stderr.write('usage: loads-sidecar DIR\n');
    return 104;
  }
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  const files = new NodeFiles(dir);
  try {
    await runSidecar(files, stop.signal);
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
  return { code: 'ERR_NODE_START', message: `the sidecar failed: ${message}`, stack };
}

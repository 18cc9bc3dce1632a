import { LoadsError } from '@loads/core';

/** Throws ERR_SETUP for whatever a fixture throws. */
export async function mustNotFail(name: string, run: () => Promise<unknown>): Promise<unknown> {
  try {
    return await run();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new LoadsError('ERR_SETUP', `${name} failed: ${message}`, { cause });
  }
}

/** What a setup gives travels to the other nodes as JSON. Throws ERR_SETUP for what cannot. */
export function mustBeJson(value: unknown): void {
  try {
    JSON.stringify(value);
  } catch (cause) {
    const [reason] = String(cause instanceof Error ? cause.message : cause).split('\n');
    const message = `setup failed: what it returned cannot be sent to the nodes as JSON: ${reason}`;
    throw new LoadsError('ERR_SETUP', message, { cause });
  }
}

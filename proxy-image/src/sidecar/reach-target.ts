import { once } from 'node:events';
import { connect } from 'node:net';
import { addressOfUrl, formatAddress, LoadsError } from '@loads/core';

const TIMEOUT_MS = 3000;

/** Connects to the target once. Throws ERR_TARGET_UNREACHABLE: a run against nothing shows nothing. */
export async function reachTarget(target: string, signal: AbortSignal): Promise<void> {
  const address = addressOfUrl(target);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const socket = connect(address);
  try {
    await once(socket, 'connect', { signal: limit });
  } catch (cause) {
    signal.throwIfAborted();
    const where = formatAddress(address);
    throw new LoadsError(
      'ERR_TARGET_UNREACHABLE',
      `the target ${target} does not answer: ${reasonOf(cause)} (${where})`,
      { cause },
    );
  } finally {
    socket.destroy();
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ECONNREFUSED':
      return 'connection refused';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'its name cannot be resolved';
    case 'ABORT_ERR':
      return `no answer within ${TIMEOUT_MS / 1000} s`;
    default:
      return typeof code === 'string' ? code : String(error);
  }
}

import type { Socket } from 'node:net';
import { codeOf, type PeerConduct } from '../http/classify-failure.ts';

/** Watches what the peer does to a connection; gives what it has done so far. */
export function watchConduct(socket: Socket): () => PeerConduct {
  let [ended, reset] = [false, false];
  socket.once('end', () => {
    ended = true;
  });
  socket.once('error', (error) => {
    reset = RESETS.has(codeOf(error));
  });
  return () => ({ ended, reset });
}

const RESETS: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);

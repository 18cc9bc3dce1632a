import type { Socket } from 'node:net';
import type { Carried } from '../transport.ts';

/** A body up to this size is copied behind its head: one write is cheaper than two. */
const MOST_COPIED_BYTES = 16 * 1024;

/** Writes a request, and tells when the system has taken a large body: others it has at once. */
export function writeRequest(
  socket: Socket,
  head: string,
  body: Buffer | null,
  exchange: Pick<Carried, 'onSent'>,
): void {
  if (body === null || body.length === 0) socket.write(head, 'latin1');
  else if (body.length <= MOST_COPIED_BYTES) socket.write(joined(head, body));
  else {
    socket.write(head, 'latin1');
    socket.write(body, () => exchange.onSent());
  }
}

function joined(head: string, body: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(head.length + body.length);
  bytes.write(head, 'latin1');
  bytes.set(body, head.length);
  return bytes;
}

import type { Socket } from 'node:net';
import type { StreamedBody } from '../body/streamed-body.ts';

/**
 * Writes a body piece by piece, the next one when the system has taken the last, and resolves when it has all of them, or
 * they are not wanted any more. Rejects when the body cannot be read, or is not as long as it said.
 */
export async function writeStreamed(socket: Socket, body: StreamedBody, wanted: () => boolean): Promise<void> {
  let sent = 0;
  for await (const chunk of body.chunks()) {
    if (!wanted()) return;
    sent += chunk.length;
    if (sent > body.length) break;
    await written(socket, chunk);
    // To look for the end would keep a connection from its next request.
    if (sent === body.length) return;
  }
  if (wanted() && sent !== body.length) {
    throw new Error(`the body is not ${body.length} bytes long, as was announced`);
  }
}

/** Also when it could not be written: the socket tells of that by itself. */
function written(socket: Socket, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    socket.write(chunk, () => resolve());
  });
}

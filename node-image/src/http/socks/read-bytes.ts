import type { Socket } from 'node:net';

/** The next `length` bytes of a socket, and none of those behind them. Throws what ended the socket before. */
export async function readBytes(socket: Socket, length: number): Promise<Buffer> {
  for (;;) {
    const bytes: Buffer | null = length === 0 ? Buffer.alloc(0) : socket.read(length);
    if (bytes?.length === length) return bytes;
    await moreOf(socket);
  }
}

function moreOf(socket: Socket): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const end = (): void => reject(Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' }));
  const settle = (): void => {
    socket.off('readable', resolve).off('error', reject).off('end', end).off('close', end);
  };
  if (socket.destroyed || socket.readableEnded) end();
  else socket.on('readable', resolve).on('error', reject).on('end', end).on('close', end);
  return promise.finally(settle);
}

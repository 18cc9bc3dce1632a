import type { Readable } from 'node:stream';
import { TunnelError } from './tunnel-error.ts';

/** The next `length` bytes of a proxy, and none of those behind them. Throws what ended the connection before. */
export async function readBytes(proxy: Readable, length: number): Promise<Buffer> {
  for (;;) {
    const bytes: Buffer | null = length === 0 ? Buffer.alloc(0) : proxy.read(length);
    if (bytes?.length === length) return bytes;
    await moreOf(proxy);
  }
}

/** What there is of a proxy's bytes, at least one. Throws what ended the connection before. */
export async function readSome(proxy: Readable): Promise<Buffer> {
  for (;;) {
    const bytes: Buffer | null = proxy.read();
    if (bytes !== null) return bytes;
    await moreOf(proxy);
  }
}

function moreOf(proxy: Readable): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const end = (): void =>
    reject(new TunnelError('ERR_TUNNEL_ENDED', 'the proxy closed the connection before it opened a tunnel'));
  const settle = (): void => {
    proxy.off('readable', resolve).off('error', reject).off('end', end).off('close', end);
  };
  if (proxy.destroyed || proxy.readableEnded) end();
  else proxy.on('readable', resolve).on('error', reject).on('end', end).on('close', end);
  return promise.finally(settle);
}

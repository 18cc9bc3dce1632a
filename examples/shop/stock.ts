import { createServer, type Socket } from 'node:net';
import { CATALOG } from './catalog.ts';
import { lineSplitter } from './line-splitter.ts';
import { type Address, listen } from './listen.ts';

export type Stock = AsyncDisposable & { readonly address: Address };

export type StockOptions = {
  /** 0, the default, takes any free port. */
  port?: number | undefined;
  host?: string | undefined;
  /** Quantity by SKU at the start. The default has so much of everything that no load test empties it. */
  levels?: Readonly<Record<string, number>> | undefined;
};

const PLENTY = 1_000_000_000;

/**
 * Starts the stock: a key-value store over TCP, one command per line, one answer per line, in order:
 * `GET sku` and `ADD sku n` and `TAKE sku n` answer `OK left`; `LIST` answers `OK sku=left sku=left`;
 * what cannot be done answers `ERR unknown`, `ERR short` or `ERR syntax`. Throws `PortInUse`.
 */
export async function startStock(options: StockOptions = {}): Promise<Stock> {
  const levels = new Map(Object.entries(options.levels ?? plentyOfEverything()));
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.setEncoding('utf8');
    socket.on(
      'data',
      lineSplitter((line) => socket.write(`${answer(levels, line)}\n`)),
    );
    // A client that goes away is its own affair; 'close' follows.
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  const address = await listen(server, { host: options.host ?? '127.0.0.1', port: options.port ?? 0 });

  return {
    address,
    async [Symbol.asyncDispose](): Promise<void> {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      for (const socket of sockets) socket.destroy();
      await closed.promise;
    },
  };
}

function plentyOfEverything(): Record<string, number> {
  return Object.fromEntries(CATALOG.map(({ id }) => [id, PLENTY]));
}

function answer(levels: Map<string, number>, line: string): string {
  const [command = '', sku = '', amount = '1', ...more] = line.split(' ');
  const quantity = /^[1-9]\d{0,8}$/.test(amount) ? Number(amount) : undefined;
  if (quantity === undefined || more.length > 0) return 'ERR syntax';
  if (command === 'LIST' && sku === '') return `OK ${[...levels].map(([key, level]) => `${key}=${level}`).join(' ')}`;
  if (!/^[a-z0-9-]+$/.test(sku)) return 'ERR syntax';

  const level = levels.get(sku);
  if (command === 'ADD') return change(levels, sku, (level ?? 0) + quantity);
  if (command !== 'GET' && command !== 'TAKE') return 'ERR syntax';
  if (level === undefined) return 'ERR unknown';
  if (command === 'GET') return `OK ${level}`;
  return level < quantity ? 'ERR short' : change(levels, sku, level - quantity);
}

function change(levels: Map<string, number>, sku: string, level: number): string {
  levels.set(sku, level);
  return `OK ${level}`;
}

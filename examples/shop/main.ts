import { parseArgs } from 'node:util';
import { type Address, PortInUse } from './listen.ts';
import { startShop } from './service.ts';
import { startStock } from './stock.ts';

const USAGE = `Usage: node examples/shop/main.ts [options]

  --port PORT         where the shop listens (8080; 0 takes a free port)
  --stock-port PORT   where the stock listens (7070; 0 takes a free port)
  --host HOST         on which address both listen (127.0.0.1)
  --only stock        start the stock alone
  --only shop         start the shop alone, with the stock at --stock
  --stock HOST:PORT   where the stock is, for --only shop
`;

const BAD_CONFIGURATION = 104;

type Settings = { readonly host: string; readonly port: number; readonly stockPort: number } & (
  | { readonly only: 'both' | 'stock' }
  | { readonly only: 'shop'; readonly stock: Address }
);

/** Thrown for a command line that makes no sense; the message is for the user. */
class BadUsage extends Error {
  override readonly name = 'BadUsage';
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof PortInUse) && !(error instanceof BadUsage)) throw error;
  const hint = error instanceof PortInUse ? 'free it, or choose another with --port or --stock-port' : 'see --help';
  console.error(`${error.message}; ${hint}`);
  process.exitCode = BAD_CONFIGURATION;
}

async function main(args: string[]): Promise<void> {
  const settings = read(args);
  if (settings === 'help') {
    console.log(USAGE);
    return;
  }
  const stopped = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stopped.resolve());
  await using started = new AsyncDisposableStack();
  console.log(await start(settings, started));
  await stopped.promise;
}

async function start(settings: Settings, started: AsyncDisposableStack): Promise<string> {
  const { host, port } = settings;
  let stock: Address;
  if (settings.only === 'shop') stock = settings.stock;
  else stock = started.use(await startStock({ host, port: settings.stockPort })).address;
  const at = `${stock.host}:${stock.port}`;
  if (settings.only === 'stock') return `stock listens on ${at}`;
  const shop = started.use(await startShop({ host, port, stock }));
  return `shop listens on ${shop.url}, stock on ${at}`;
}

function read(args: string[]): Settings | 'help' {
  const values = parse(args);
  if (values.help) return 'help';
  const { only, host } = values;
  const rest = {
    host,
    port: readPort('--port', values.port),
    stockPort: readPort('--stock-port', values['stock-port']),
  };
  if (only === 'shop') {
    if (values.stock === undefined) throw new BadUsage('--only shop needs --stock HOST:PORT');
    return { ...rest, only, stock: readAddress('--stock', values.stock) };
  }
  if (values.stock !== undefined) throw new BadUsage('--stock goes with --only shop');
  if (only !== 'both' && only !== 'stock') throw new BadUsage(`--only: expected stock or shop, got '${only}'`);
  return { ...rest, only };
}

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args,
      options: {
        host: { ...text, default: '127.0.0.1' },
        port: { ...text, default: '8080' },
        'stock-port': { ...text, default: '7070' },
        only: { ...text, default: 'both' },
        stock: text,
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new BadUsage(error instanceof Error ? error.message : String(error));
  }
}

function readAddress(flag: string, text: string): Address {
  const colon = text.lastIndexOf(':');
  if (colon < 1) throw new BadUsage(`${flag}: expected HOST:PORT, got '${text}'`);
  return { host: text.slice(0, colon), port: readPort(flag, text.slice(colon + 1)) };
}

function readPort(flag: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new BadUsage(`${flag}: expected a port from 0 to 65535, got '${text}'`);
  return port;
}

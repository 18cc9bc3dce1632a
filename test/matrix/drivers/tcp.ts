import { connect } from 'node:net';
import type { Address } from '@loads/core';
import { startStock } from '../../../examples/shop/stock.ts';
import type { Client, Driver } from '../driver.ts';

/** A socket of Node's with the stock of the shop, which speaks lines. */
export const tcpDriver: Driver = {
  protocol: 'tcp',
  missing: () => undefined,
  requests: false,
  operations: { ask: '', write: '', commit: '' },
  code: undefined,
  told: (error) => (error instanceof Garbage ? { code: undefined, text: error.message } : undefined),
  async open() {
    const stock = await startStock({ levels: { rope: 0, ...PLENTY } });
    return {
      address: stock.address,
      connect: connectTo,
      async writes() {
        await using direct = await connectTo(stock.address, 5000);
        const { rope = '' } = levelsOf(await direct.ask());
        return Number(rope);
      },
      [Symbol.asyncDispose]: () => stock[Symbol.asyncDispose](),
    };
  },
};

/** Enough of other things to make the answer long. */
const PLENTY: Readonly<Record<string, number>> = Object.fromEntries(
  Array.from({ length: 50 }, (_, number) => [`screw-${number}`, number]),
);

/** The bytes of an error: as many as the protocol has for one, which no server would send. */
class Garbage extends Error {}

const ERROR_BYTES = 1000;

async function connectTo({ host, port }: Address, timeoutMs: number): Promise<Client> {
  const socket = connect({ host, port });
  const received: Buffer[] = [];
  let wake = (): void => undefined;
  socket
    .on('data', (chunk: Buffer) => {
      received.push(chunk);
      wake();
    })
    .on('end', () => wake())
    .on('close', () => wake())
    .on('error', () => wake())
    .setTimeout(timeoutMs, () => socket.destroy(new Error('timeout')));

  async function ask(line: string): Promise<string> {
    socket.write(`${line}\n`);
    for (;;) {
      const bytes = Buffer.concat(received);
      const text = bytes.toString('latin1');
      if (text.startsWith('OK ') && text.endsWith('\n')) {
        received.length = 0;
        return text;
      }
      if (socket.readableEnded || socket.destroyed) throw failure(bytes, socket.errored);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  return {
    ask: () => ask('LIST'),
    async write() {
      await ask('ADD rope 1');
    },
    async [Symbol.asyncDispose]() {
      socket.destroy();
    },
  };
}

function failure(received: Buffer, error: Error | null): Error {
  if (received.length === ERROR_BYTES) return new Garbage(`${ERROR_BYTES} bytes and an end`);
  return error ?? new Error(`ended after ${received.length} bytes`);
}

function levelsOf(answer: string): Readonly<Record<string, string>> {
  const pairs = answer.slice('OK '.length).trim().split(' ');
  return Object.fromEntries(pairs.map((pair) => pair.split('=')));
}

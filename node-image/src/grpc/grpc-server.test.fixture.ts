import { join } from 'node:path';
import * as grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { CERTIFICATE, PRIVATE_KEY } from '../http/self-signed.test.fixture.ts';

/** The services of `startShop`. */
export const SHOP_PROTO: string = join(import.meta.dirname, 'shop.test.fixture.proto');

type Item = { readonly item_name: string; readonly price?: number | string; readonly padding?: Buffer };
type Wanted = { readonly name: string; readonly count: number };

export type GrpcShop = AsyncDisposable & {
  /** `127.0.0.1:port`. */
  readonly address: string;
  readonly port: number;
  /** Metadata of the last call. */
  readonly metadata: () => grpc.Metadata | undefined;
};

/**
 * A gRPC server. What `GetItem` does goes by the item's name: `moon` is not there, `huge` is 5 MB, `slow` never comes; another
 * one costs 9007199254740993, which no double holds.
 */
export async function startShop({ tls = false }: { readonly tls?: boolean } = {}): Promise<GrpcShop> {
  const { 'shop.Shop': service } = loadSync(SHOP_PROTO, { keepCase: true });
  const server = new grpc.Server();
  let last: grpc.Metadata | undefined;
  server.addService(service as grpc.ServiceDefinition, {
    GetItem(call: grpc.ServerUnaryCall<Wanted, Item>, answer: grpc.sendUnaryData<Item>): void {
      last = call.metadata;
      const { name } = call.request;
      if (name === 'slow') return;
      if (name === 'moon') {
        answer({ code: grpc.status.NOT_FOUND, details: 'no such item' });
        return;
      }
      const padding = name === 'huge' ? Buffer.alloc(5 << 20) : Buffer.alloc(0);
      const trailers = new grpc.Metadata();
      trailers.set('x-stock', '3');
      answer(null, { item_name: name, price: '9007199254740993', padding }, trailers);
    },
    ListItems(call: grpc.ServerWritableStream<Wanted, Item>): void {
      for (let i = 0; i < call.request.count; i++) call.write({ item_name: `${call.request.name} ${i}` });
      if (call.request.name === 'broken') call.emit('error', { code: grpc.status.DATA_LOSS, details: 'fire' });
      else call.end();
    },
    PutItems(call: grpc.ServerReadableStream<Item, unknown>, answer: grpc.sendUnaryData<{ count: number }>): void {
      let count = 0;
      call.on('data', () => {
        count += 1;
      });
      call.on('end', () => answer(null, { count }));
    },
    Chat(call: grpc.ServerDuplexStream<Item, Item>): void {
      call.on('data', (item: Item) => call.write(item));
      call.on('end', () => call.end());
      call.on('error', () => undefined);
    },
  });
  const pair = { private_key: Buffer.from(PRIVATE_KEY), cert_chain: Buffer.from(CERTIFICATE) };
  const credentials = tls ? grpc.ServerCredentials.createSsl(null, [pair]) : grpc.ServerCredentials.createInsecure();
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.bindAsync('127.0.0.1:0', credentials, (error, port) => (error ? reject(error) : resolve(port)));
  const port = await promise;
  return {
    address: `127.0.0.1:${port}`,
    port,
    metadata: () => last,
    [Symbol.asyncDispose]: async () => server.forceShutdown(),
  };
}

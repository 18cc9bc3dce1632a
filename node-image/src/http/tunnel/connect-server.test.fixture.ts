import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ProxyUser } from './tunnel-kind.ts';

/** A forward proxy of HTTP that knows CONNECT alone; `asked` hears where each tunnel was to lead, `user` alone may pass. */
export function connectServer(asked: (address: string) => void, user?: ProxyUser): Server {
  const wanted = user && `Basic ${Buffer.from(`${user.username}:${user.password}`).toString('base64')}`;
  return createServer().on('connect', ({ url = '', headers }: IncomingMessage, client: Duplex, head: Buffer) => {
    client.on('error', () => undefined);
    const answer = (status: string): string => `HTTP/1.1 ${status}\r\nvia: 1.1 proxy.test\r\n\r\n`;
    if (headers.host !== url) return void client.end(answer('400 Bad Request'));
    if (headers['proxy-authorization'] !== wanted) return void client.end(answer('407 Proxy Authentication Required'));
    asked(url);
    // Here all names are those of this machine.
    const there = connect(Number(/:(\d+)$/.exec(url)?.[1]), '127.0.0.1', () => {
      client.write(answer('200 Connection established'));
      there.write(head);
      client.pipe(there).pipe(client);
    });
    there.on('error', () => (there.pending ? client.end(answer('502 Bad Gateway')) : client.destroy()));
    client.on('close', () => there.destroy());
  });
}

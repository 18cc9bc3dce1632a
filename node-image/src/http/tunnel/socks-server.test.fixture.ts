import { connect, createServer, type Server, type Socket } from 'node:net';
import { readBytes } from './read-bytes.ts';
import type { ProxyUser } from './tunnel-kind.ts';

const [VERSION, NO_AUTH, BY_PASSWORD, NOBODY] = [5, 0, 2, 0xff];
const [CONNECT, BY_IPV4, BY_NAME] = [1, 1, 3];
const [GRANTED, REFUSED] = [0, 5];

/** A SOCKS5 proxy (RFC 1928) for CONNECT by name and IPv4; `asked` hears where each connection was to lead, `user` alone may pass. */
export function socksServer(asked: (address: string) => void, user?: ProxyUser): Server {
  return createServer((client) => void talk(client, asked, user).catch(() => client.destroy()));
}

async function talk(client: Socket, asked: (address: string) => void, user: ProxyUser | undefined): Promise<void> {
  client.on('error', () => undefined);
  const method = user ? BY_PASSWORD : NO_AUTH;
  const offered = await readBytes(client, (await readBytes(client, 2))[1] ?? 0);
  client.write(Buffer.of(VERSION, offered.includes(method) ? method : NOBODY));
  if (user) {
    const username = await readBytes(client, (await readBytes(client, 2))[1] ?? 0);
    const password = await readBytes(client, (await readBytes(client, 1))[0] ?? 0);
    const known = username.toString() === user.username && password.toString() === user.password;
    client.write(Buffer.of(1, known ? 0 : 1));
    if (!known) return void client.end();
  }
  const [, command, , kind] = await readBytes(client, 4);
  const host =
    kind === BY_NAME ? await readBytes(client, (await readBytes(client, 1))[0] ?? 0) : await readBytes(client, 4);
  const name = kind === BY_IPV4 ? host.join('.') : host.toString();
  const port = (await readBytes(client, 2)).readUInt16BE();
  if (command !== CONNECT) throw new Error(`command ${command}`);
  asked(`${name}:${port}`);
  const answer = (reply: number): Buffer => Buffer.of(VERSION, reply, 0, BY_IPV4, 0, 0, 0, 0, 0, 0);
  // Here all names are those of this machine.
  const there = connect(port, '127.0.0.1', () => {
    client.write(answer(GRANTED));
    client.pipe(there).pipe(client);
  });
  there.on('error', () => (there.connecting || there.pending ? client.end(answer(REFUSED)) : client.destroy()));
  client.on('close', () => there.destroy());
}

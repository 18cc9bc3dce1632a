import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';

export type Address = { readonly host: string; readonly port: number };

/** Thrown by `listen` when somebody else already listens on the wanted port. */
export class PortInUse extends Error {
  override readonly name = 'PortInUse';
  readonly port: number;

  constructor({ host, port }: Address, options?: ErrorOptions) {
    super(`port ${port} on ${host} is in use`, options);
    this.port = port;
  }
}

/** Makes a server listen (port 0: any free port) and says where it does. Throws `PortInUse`. */
export async function listen(server: Server, wanted: Address): Promise<Address> {
  server.listen(wanted.port, wanted.host);
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new PortInUse(wanted, { cause: error });
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  return { host: wanted.host, port };
}

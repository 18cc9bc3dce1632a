import { http } from './http.ts';
import type { ProtocolPlugin } from './protocol.ts';
import { tcp } from './tcp.ts';

/** Every protocol by its name, in the order in which they are listed to the user. */
export const protocols: ReadonlyMap<string, ProtocolPlugin> = new Map(
  [tcp, http].map((plugin) => [plugin.name, plugin]),
);

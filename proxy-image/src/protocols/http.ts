import * as z from 'zod';
import { HttpConnection } from './http/http-connection.ts';
import type { ProtocolPlugin } from './protocol.ts';

/** HTTP/1.0 and HTTP/1.1 (RFC 9112). */
export const http: ProtocolPlugin = {
  name: 'http',
  doc:
    'Finds requests and responses in a connection and passes their bytes unchanged. A rule draws for each request. ' +
    'Upgraded connections, CONNECT tunnels and bytes that are not HTTP/1 are relayed without faults, and counted.',
  options: z.strictObject({}),
  create: () => (session) => new HttpConnection(session),
};

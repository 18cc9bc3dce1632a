import * as z from 'zod';
import type { ProtocolPlugin } from './protocol.ts';
import { TcpConnection } from './tcp/tcp-connection.ts';

/** Bytes without a meaning. */
export const tcp: ProtocolPlugin = {
  name: 'tcp',
  doc:
    'Relays bytes both ways, with half-close and backpressure. A rule draws once for each connection, and applies to ' +
    'connections that are open when it comes into force. An error, which tcp has none of, is 1000 random bytes and ' +
    "an end, in the place of the backend's next bytes; for a connection that was hit when it was accepted, in answer " +
    "to the client's first bytes, without a backend.",
  options: z.strictObject({}),
  checkCode: () => 'tcp has no errors, and so no codes',
  create: () => (session) => new TcpConnection(session),
};

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
  notes: {
    blackout: 'Cuts the connection when it is accepted, or at once when it is open.',
    delay: 'Holds each chunk of one direction, counted from its arrival: latency grows, bandwidth does not shrink.',
    error:
      "1000 random bytes and an end, in the backend's place or, with `point: forwarded` and on open connections, in the " +
      'place of its answer.',
    hang: 'Takes all bytes and gives none, until the client leaves, `max` has passed or the rule ends; then a reset.',
    transient: 'The same as `error`, for the first connections; all others pass.',
    abort: 'Ends the connection when the backend answers, or when so many bytes of that have come.',
  },
  checkCode: () => 'tcp has no errors, and so no codes',
  create: () => (session) => new TcpConnection(session),
};

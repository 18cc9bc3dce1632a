import * as z from 'zod';
import { bufferOption, noReuseOption } from './connection-options.ts';
import type { ProtocolPlugin } from './protocol.ts';
import { TcpConnection } from './tcp/tcp-connection.ts';

/** What the ancestor took of a client at once, bytes. */
const ONE_READ = 8124;

/** Bytes without a meaning. */
export const tcp: ProtocolPlugin = {
  name: 'tcp',
  doc:
    'Relays bytes both ways, with half-close and backpressure. A rule draws once for each connection, and applies to ' +
    'connections that are open when it comes into force. An error, which tcp has none of, is 1000 random bytes and ' +
    "an end, in the place of the backend's next bytes; for a connection that was hit when it was accepted, in answer " +
    "to the client's first bytes, without a backend.",
  options: z.strictObject({
    keep_alive: z
      .boolean({ error: 'expected true or false' })
      .default(true)
      .describe(
        "false: as the first Vaurien, take one piece of the client, at most `buffer` bytes, and end with the backend's answer",
      ),
    reuse_socket: noReuseOption,
    buffer: bufferOption,
  }),
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
  create:
    ({ keep_alive: keepAlive, buffer }) =>
    (session) =>
      new TcpConnection(session, keepAlive === false ? { askBytes: Number(buffer ?? ONE_READ) } : {}),
};

import * as z from 'zod';
import { bufferOption, keepAliveOption, reuseSocketOption } from './connection-options.ts';
import { exchangeProtocol } from './exchange/exchange-protocol.ts';
import { FULL } from './http/full.ts';
import { HttpCodec } from './http/http-codec.ts';
import type { ProtocolPlugin } from './protocol.ts';

/** HTTP/1.0 and HTTP/1.1 (RFC 9112). */
export const http: ProtocolPlugin = exchangeProtocol({
  name: 'http',
  doc:
    'Finds requests and responses in a connection and passes their bytes unchanged. A rule draws for each request. ' +
    'Upgraded connections, CONNECT tunnels and bytes that are not HTTP/1 (TLS, HTTP/2) are relayed without faults, and counted. ' +
    'An error is a status from 400 to 599; without a code 500, 501, 502 or 503, drawn from the seed.',
  options: z.strictObject({
    keep_alive: keepAliveOption,
    reuse_socket: reuseSocketOption,
    overwrite_host_header: z
      .boolean({ error: 'expected true or false' })
      .default(false)
      .describe("put the backend's host:port into the Host field, for servers that go by it"),
    buffer: bufferOption,
  }),
  notes: {
    error: 'A response of 500, 501, 502 or 503, or of `code`, with the id in `x-vaurien-fault` and in the body.',
  },
  refusal: { when: 'asked', bytes: FULL },
  checkCode(code) {
    const status = Number(code);
    return Number.isInteger(status) && status >= 400 && status <= 599
      ? undefined
      : `expected a status from 400 to 599, got '${code}'`;
  },
  codec:
    ({ overwrite_host_header: overwriteHost }) =>
    (link) =>
      new HttpCodec(overwriteHost ? link : undefined),
});

import * as z from 'zod';
import { exchangeProtocol } from './exchange/exchange-protocol.ts';
import { HttpCodec } from './http/http-codec.ts';
import type { ProtocolPlugin } from './protocol.ts';

/** HTTP/1.0 and HTTP/1.1 (RFC 9112). */
export const http: ProtocolPlugin = exchangeProtocol({
  name: 'http',
  doc:
    'Finds requests and responses in a connection and passes their bytes unchanged. A rule draws for each request. ' +
    'Upgraded connections, CONNECT tunnels and bytes that are not HTTP/1 are relayed without faults, and counted. ' +
    'An error is a status from 400 to 599; without a code 500, 501, 502 or 503, drawn from the seed.',
  options: z.strictObject({}),
  notes: {
    error: 'A response of 500, 501, 502 or 503, or of `code`, with the id in `x-vaurien-fault` and in the body.',
  },
  checkCode(code) {
    const status = Number(code);
    return Number.isInteger(status) && status >= 400 && status <= 599
      ? undefined
      : `expected a status from 400 to 599, got '${code}'`;
  },
  codec: () => () => new HttpCodec(),
});

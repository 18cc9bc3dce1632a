import * as z from 'zod';
import { bufferOption, keepAliveOption, reuseSocketOption } from './connection-options.ts';
import type { ExchangeProtocol } from './exchange/exchange-protocol.ts';
import { MemcacheCodec } from './memcache/memcache-codec.ts';
import { checkCode } from './memcache/native-error.ts';

/** memcached, text (classic and meta commands) and binary. */
export const memcacheCodec: ExchangeProtocol<z.ZodObject> = {
  name: 'memcache',
  doc:
    'memcached commands, text (classic and meta) or binary, whichever the client begins with. A rule draws for each ' +
    'command except quit and SASL. An error is `SERVER_ERROR injected by vaurien <id>`, in the binary protocol a ' +
    'packet with status 0x0084 and this text. `code` may be SERVER_ERROR, CLIENT_ERROR or ERROR, or a binary status ' +
    'such as 0x0085 (133, busy); each is told as the nearest of its kind in the other protocol. After `noreply`, and ' +
    'to quiet meta commands, nothing is told, as the server would do: the command is lost in silence. Quiet binary ' +
    'commands are told their errors. An error of the command that closes a batch of quiet ones ends the connection, ' +
    'since their answers must not follow it. After `watch` the connection is relayed without faults, and counted.',
  options: z.strictObject({ keep_alive: keepAliveOption, reuse_socket: reuseSocketOption, buffer: bufferOption }),
  notes: {
    error: '`SERVER_ERROR`, or status 0x0084 in the binary protocol, or `code`. After `noreply` the command is lost.',
  },
  refusal: { when: 'connected', bytes: Buffer.from('ERROR Too many open connections\r\n') },
  checkCode,
  codec: () => () => new MemcacheCodec(),
};

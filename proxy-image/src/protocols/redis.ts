import * as z from 'zod';
import { bufferOption, keepAliveOption, reuseSocketOption } from './connection-options.ts';
import type { ExchangeProtocol } from './exchange/exchange-protocol.ts';
import { checkCode } from './redis/native-error.ts';
import { RedisCodec } from './redis/redis-codec.ts';

/** Redis, RESP2 and RESP3. */
export const redisCodec: ExchangeProtocol<z.ZodObject> = {
  name: 'redis',
  doc:
    'Redis commands in RESP2 and RESP3, inline ones too. A rule draws for each command except those that set a ' +
    'connection up or open a transaction (HELLO, AUTH, SELECT, CLIENT SETINFO, MULTI, ...). An error is ' +
    '`-ERR injected by vaurien <id>`; `code` may be any upper-case word of the server, such as LOADING, OOM, READONLY, ' +
    'BUSY, MISCONF, NOAUTH or WRONGTYPE, which then has its usual text (MOVED and ASK want a `message` such as ' +
    '`3999 host:6379`). An error inside MULTI makes EXEC fail with EXECABORT, and the server discard the rest; an ' +
    'error of EXEC itself is EXECABORT, and the server discards them all. After MONITOR, SYNC, PSYNC and CLIENT REPLY OFF or ' +
    'SKIP the connection is relayed without faults, and counted.',
  options: z.strictObject({ keep_alive: keepAliveOption, reuse_socket: reuseSocketOption, buffer: bufferOption }),
  notes: {
    blackout: 'Cuts the connection at its next command; HELLO and AUTH still reach the backend.',
    error: '`-ERR`, or `code`; inside MULTI it makes EXEC fail.',
  },
  refusal: { when: 'connected', bytes: Buffer.from('-ERR max number of clients reached\r\n') },
  checkCode,
  codec: () => () => new RedisCodec(),
};

import { register } from '../plugins/register.ts';
import { exchangeProtocol } from './exchange/exchange-protocol.ts';
import { http } from './http.ts';
import { memcacheCodec } from './memcache.ts';
import { mysqlCodec } from './mysql.ts';
import { postgresCodec } from './postgres.ts';
import type { ProtocolPlugin } from './protocol.ts';
import { redisCodec } from './redis.ts';
import { smtpCodec } from './smtp.ts';
import { tcp } from './tcp.ts';

const registered = new Map<string, ProtocolPlugin>();

/** Every protocol by its name, in the order in which they are listed to the user. */
export const protocols: ReadonlyMap<string, ProtocolPlugin> = registered;

/** Adds a protocol, as the built-in ones are. Throws ERR_CONFIG when its name is taken. */
export function registerProtocol(plugin: ProtocolPlugin): void {
  register(registered, 'protocol', plugin);
}

const codecs = [memcacheCodec, mysqlCodec, postgresCodec, redisCodec, smtpCodec];

for (const plugin of [tcp, http, ...codecs.map(exchangeProtocol)]) registerProtocol(plugin);

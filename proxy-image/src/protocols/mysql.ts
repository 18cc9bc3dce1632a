import * as z from 'zod';
import { bufferOption, noReuseOption } from './connection-options.ts';
import type { ExchangeProtocol } from './exchange/exchange-protocol.ts';
import { checkCode } from './mysql/error-code.ts';
import { MysqlCodec } from './mysql/mysql-codec.ts';
import { tooManyConnections } from './mysql/packets.ts';

/** MySQL and MariaDB, protocol 4.1. */
export const mysqlCodec: ExchangeProtocol<z.ZodObject> = {
  name: 'mysql',
  doc:
    'MySQL and MariaDB. A rule draws for each command: its operation is the verb of the statement (SELECT), also when ' +
    'it was prepared, or the name of the command (COM_PING). Errors are ERR packets: the code is a number of a server ' +
    'error or its name (1213, ER_LOCK_DEADLOCK), by default 1205 (lock wait timeout), which leaves a transaction as it ' +
    'is. After an injected deadlock (1213) the transaction is rolled back on the server before the next statement; if ' +
    'that is not BEGIN, COMMIT or ROLLBACK, it gets the deadlock too. Logins and commands without an answer are never ' +
    'hit. Connections with TLS or compression and those of replicas are relayed without faults, and counted.',
  options: z.strictObject({ reuse_socket: noReuseOption, buffer: bufferOption }),
  notes: {
    blackout: 'Cuts the connection at its next command; a login still reaches the backend.',
    error: 'An ERR packet, 1205 (lock wait timeout) or `code`; after a deadlock the transaction is rolled back.',
  },
  refusal: { when: 'connected', bytes: tooManyConnections() },
  checkCode,
  codec: () => () => new MysqlCodec(),
};

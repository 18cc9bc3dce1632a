import * as z from 'zod';
import { bufferOption } from './connection-options.ts';
import type { ExchangeProtocol } from './exchange/exchange-protocol.ts';
import { errorResponse } from './postgres/messages.ts';
import { checkPostgresCode } from './postgres/native-error.ts';
import { PostgresCodec } from './postgres/postgres-codec.ts';

/** PostgreSQL, protocol 3. */
export const postgresCodec: ExchangeProtocol<z.ZodObject> = {
  name: 'postgres',
  doc:
    'Finds simple queries, batches of the extended protocol and function calls; the operation is the first word of the ' +
    'SQL (SELECT, INSERT, COMMIT). An error has an SQLSTATE, by default 57014 (canceling statement due to statement ' +
    'timeout); codes of the classes 08, 28 and 57P, and 25P03, end the connection as the server does with them. An error ' +
    'inside a transaction fails it: the client gets 25P02 until it rolls back, and a COMMIT becomes a ROLLBACK. ' +
    'Authentication is no request. Encrypted and replication connections are relayed without faults, and counted.',
  options: z.strictObject({ buffer: bufferOption }),
  notes: {
    blackout: 'Cuts the connection at its next query; a login still reaches the backend.',
    error: 'An ErrorResponse, SQLSTATE 57014 or `code`; it fails the transaction that it stands in.',
  },
  refusal: {
    when: 'asked',
    bytes: errorResponse({ severity: 'FATAL', code: '53300', message: 'sorry, too many clients already' }),
  },
  codec: () => () => new PostgresCodec(),
  checkCode: checkPostgresCode,
};

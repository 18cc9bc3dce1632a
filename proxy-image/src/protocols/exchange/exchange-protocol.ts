import type * as z from 'zod';
import type { Refusal } from '../../proxy/refusal.ts';
import type { ProtocolPlugin } from '../protocol.ts';
import type { CodecFactory } from './codec.ts';
import { ExchangeConnection } from './exchange-connection.ts';

/** A protocol of requests and responses, told by its codec. */
export type ExchangeProtocol<Schema extends z.ZodObject> = {
  readonly name: string;
  readonly doc: string;
  /** `keep_alive: false`, `reuse_socket` and `buffer` among them are honoured by the engine. */
  readonly options: Schema;
  /** What behaviors come to here, by their names, where their own documentation is too general. */
  readonly notes?: Readonly<Record<string, string>> | undefined;
  /** How a connection over the limit is told so. Without it, and under TLS, it is reset. */
  readonly refusal?: Refusal | undefined;
  /** What is wrong with an error code that a user chose for this protocol, or undefined. */
  checkCode(code: string | number): string | undefined;
  codec(options: z.output<Schema>): CodecFactory;
};

/** Makes a protocol plug-in out of a codec. */
export function exchangeProtocol<Schema extends z.ZodObject>(protocol: ExchangeProtocol<Schema>): ProtocolPlugin {
  const { name, doc, options, notes, refusal, checkCode } = protocol;
  return {
    name,
    doc,
    options,
    notes,
    refusal,
    checkCode,
    create(given) {
      // Whoever starts a proxy has parsed the options with this very schema.
      const newCodec = protocol.codec(given as z.output<Schema>);
      const keepAlive = given.keep_alive !== false;
      return (session) => new ExchangeConnection(session, newCodec(session), keepAlive);
    },
  };
}

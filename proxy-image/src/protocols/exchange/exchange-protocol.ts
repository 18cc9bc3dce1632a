import type * as z from 'zod';
import type { ProtocolPlugin } from '../protocol.ts';
import type { CodecFactory } from './codec.ts';
import { ExchangeConnection } from './exchange-connection.ts';

/** A protocol of requests and responses, told by its codec. */
export type ExchangeProtocol<Schema extends z.ZodObject> = {
  readonly name: string;
  readonly doc: string;
  readonly options: Schema;
  /** What behaviors come to here, by their names, where their own documentation is too general. */
  readonly notes?: Readonly<Record<string, string>> | undefined;
  /** What is wrong with an error code that a user chose for this protocol, or undefined. */
  checkCode(code: string | number): string | undefined;
  codec(options: z.output<Schema>): CodecFactory;
};

/** Makes a protocol plug-in out of a codec. */
export function exchangeProtocol<Schema extends z.ZodObject>(protocol: ExchangeProtocol<Schema>): ProtocolPlugin {
  const { name, doc, options, notes, checkCode } = protocol;
  return {
    name,
    doc,
    options,
    notes,
    checkCode,
    create(given) {
      // Whoever starts a proxy has parsed the options with this very schema.
      const newCodec = protocol.codec(given as z.output<Schema>);
      return (session) => new ExchangeConnection(session, newCodec());
    },
  };
}

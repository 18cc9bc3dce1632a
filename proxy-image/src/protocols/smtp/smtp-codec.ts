import type { Answer, BackendStep, ClientStep, Codec, NativeError, Request } from '../exchange/codec.ts';
import { BackendSide } from './backend-side.ts';
import { ClientSide } from './client-side.ts';
import { Link } from './link.ts';
import { CLOSING, closingLine, codeOf, replyLine } from './native-error.ts';
import { Unit } from './unit.ts';

/** SMTP (RFC 5321) with PIPELINING (RFC 2920), CHUNKING (RFC 3030), AUTH (RFC 4954) and STARTTLS (RFC 3207). */
export class SmtpCodec implements Codec {
  readonly serverFirst = true;
  readonly #link = new Link();
  readonly #client = new ClientSide(this.#link);
  readonly #backend = new BackendSide(this.#link);

  readClient(chunk: Buffer, from: number): ClientStep {
    return this.#client.read(chunk, from);
  }

  readBackend(chunk: Buffer, from: number, request: Request | undefined): BackendStep {
    return this.#backend.read(chunk, from, request instanceof Unit ? request : undefined);
  }

  errorFor(request: Request, error: NativeError): Answer | undefined {
    if (!(request instanceof Unit)) return undefined;
    if (request.operation === 'BDAT') this.#link.chunksFailed = true;
    return this.#answer(request, error);
  }

  /** Is looked at when it is given: by then it is known whether the server has replied. */
  #answer(unit: Unit, error: NativeError): Answer {
    const link = this.#link;
    const line = replyLine(error);
    const closes = codeOf(error) === CLOSING;
    return {
      get bytes(): Buffer {
        // The server has the whole message, and is ready for the next one.
        if (unit.last && unit.reply === 250) link.chunksFailed = false;
        return isStranded(unit) && !closes ? Buffer.concat([line, closingLine(error)]) : line;
      },
      get close(): boolean {
        // Who is sending does not listen: the rest of a message comes first.
        return unit.complete && (closes || isStranded(unit));
      },
    };
  }
}

/** The server waits for a message that will not come, and would take commands for it: there is no way back to them. */
function isStranded({ operation, message, reply }: Unit): boolean {
  return message ? reply === undefined : operation === 'DATA' && reply === 354;
}

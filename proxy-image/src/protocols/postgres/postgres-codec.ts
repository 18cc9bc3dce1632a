import type { Answer, BackendStep, ClientStep, Codec, NativeError, Request } from '../exchange/codec.ts';
import { BackendSide } from './backend-side.ts';
import { ClientSide } from './client-side.ts';
import { Link } from './link.ts';
import { ready } from './messages.ts';
import { nativeError } from './native-error.ts';
import { Unit } from './unit.ts';

/** The frontend/backend protocol 3 (PostgreSQL documentation, "Frontend/Backend Protocol"). */
export class PostgresCodec implements Codec {
  readonly serverFirst = false;
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
    if (!(request instanceof Unit) || !request.answered || request.kind === 'encryption') return undefined;
    const { bytes, fatal } = nativeError(error);
    // During the start of a connection every error ends it.
    if (fatal || request.kind === 'startup') return { bytes, close: true };
    this.#link.transaction.fail(request);
    request.failed = true;
    return lazily(() => this.#answer(request, bytes));
  }

  /** After a Flush, ReadyForQuery waits for Sync. */
  #answer(unit: Unit, error: Buffer): Buffer {
    const status = this.#link.transaction.fail(unit);
    unit.told = status;
    unit.toldReady = unit.ended !== 'flush';
    return unit.toldReady ? Buffer.concat([error, ready(status)]) : error;
  }
}

/** An answer that is written when it is given: by then it is known how the request ended, and what came before it. */
function lazily(write: () => Buffer): Answer {
  let written: Buffer | undefined;
  return {
    get bytes(): Buffer {
      written ??= write();
      return written;
    },
    close: false,
  };
}

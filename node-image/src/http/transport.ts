import type { FailureClass } from './failure-class.ts';
import type { PreparedRequest } from './prepare-request.ts';
import type { ResponseHeaders } from './response-headers.ts';

/**
 * Brings the exchanges of one client to one origin, and their responses back. Requests one after the other share a
 * connection. It has no timeouts of its own and never sends a request twice.
 */
export interface Transport {
  /** Carries an exchange now, or as soon as it can; one that has settled by then is not sent. */
  submit(exchange: Carried): void;
  /** Closes all connections. What is still under way hears no more. */
  close(): Promise<void>;
}

/**
 * An exchange as its transport sees it. The calls come in this order: written, sent, head, body, and then one of end and
 * failure, which may also come at any time before.
 */
export interface Carried {
  readonly request: PreparedRequest;
  /** It has ended, and is not to be sent any more. */
  readonly settled: boolean;
  /** Who has it at present; set by the transport. */
  carrier: Carrier | undefined;
  /** It is being written: so many bytes. `opening` is there when a connection was opened for it. */
  onWritten(bytes: number, opening: Opening | undefined): void;
  /** Its last byte has been handed to the system; called only where that is not so at once. */
  onSent(): void;
  /** So many bytes of its response have come, just now; called before what they hold is told. */
  onReceived(bytes: number): void;
  onHead(head: ResponseHeaders): void;
  onBody(chunk: Buffer): void;
  onEnd(): void;
  onFailure(failure: FailureClass, cause: Error): void;
}

/** What holds an exchange that is under way. */
export interface Carrier {
  /** Gives the exchange up, with its connection where it has one to itself. Nothing is called back. */
  abandon(): void;
}

/** What it took to open a connection, ms; 0 for a step that there was not. */
export type Opening = {
  /** The name's resolution. */
  readonly lookupMs: number;
  /** The TCP handshake. */
  readonly connectMs: number;
  /** The TLS handshake. */
  readonly tlsMs: number;
};

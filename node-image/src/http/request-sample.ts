import type { FailureClass } from './failure-class.ts';
import type { PreparedRequest } from './prepare-request.ts';
import type { RequestError } from './request-error.ts';
import type { ResponseHeaders } from './response-headers.ts';
import type { Opening } from './transport.ts';

/** What one request measured, given out once when it has ended, whatever its end. Times are ms of the client's monotonic clock. */
export type RequestSample = {
  readonly name: string;
  readonly method: string;
  /** 0 when no response head came. */
  readonly status: number;
  /** No complete response, or a status that was not expected. */
  readonly failed: boolean;
  readonly failure: FailureClass | undefined;
  /** What the caller got instead of a response. */
  readonly error: RequestError | undefined;
  /** When it was asked for. */
  readonly startMs: number;
  /** When its last byte arrived, or it failed. */
  readonly endMs: number;
  /** From its writing on a connection to `endMs`; from `startMs` when it was never written. */
  readonly durationMs: number;
  /** The part of `durationMs` in which a large body was written; 0 for a request that the system took at once. */
  readonly sendingMs: number;
  /** The part of `durationMs` from then to the response head, or all that is left when none came; 0 when it was never written. */
  readonly waitingMs: number;
  /** The part of `durationMs` after the response head; 0 when none came. */
  readonly receivingMs: number;
  /** From `startMs` to its writing on a connection: connecting, TLS, queueing. All of the time when it was never written. */
  readonly blockedMs: number;
  /** What it took to open a connection; absent for a request that was written on an open one, or not at all. */
  readonly opening: Opening | undefined;
  /** Head and body as they were written; 0 when they were not. TLS and TCP are not counted. */
  readonly bytesSent: number;
  /** Head and body of the response as far as they came, informational heads, chunk framing, trailers, and what came with the end and was too much. TLS and TCP are not counted. */
  readonly bytesReceived: number;
  /** The id of the fault that the chaos proxy answered with (header `x-vaurien-fault`). */
  readonly faultId: string | undefined;
  /** The step that it was begun in, '' for none. */
  readonly group: string;
  /** Scheme, host and port that it was for. */
  readonly origin: string;
  /** The request as it was handed to the transport. */
  readonly request: PreparedRequest;
  /** The head of its response; status 0 and no headers when none came. */
  readonly head: ResponseHeaders;
};

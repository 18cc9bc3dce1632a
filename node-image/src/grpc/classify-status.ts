import { classifyFailure, type PeerConduct } from '../http/classify-failure.ts';
import type { FailureClass } from '../http/failure-class.ts';
import { TunnelError } from '../http/tunnel/tunnel-error.ts';
import type { GrpcStatus } from './grpc-status.ts';

/** What is known of the end of a call. */
export type CallEnd = {
  readonly status: GrpcStatus;
  readonly details: string;
  /** What the peer did to the connection. */
  readonly conduct: PeerConduct;
  /** Why TLS could not be set up, or a forward proxy did not let the connection pass. */
  readonly setUpError?: unknown;
};

/** A code of the system's in a text of grpc-js, such as `No connection established. Last error: Error: connect ECONNREFUSED ...`. */
const SYSTEM_CODE = /\b(?:E[A-Z]{4,20}|EAI_[A-Z]+)\b/;

/**
 * Names the class of a status that is not OK. A status that the client library made up for want of a server is that of the
 * network; the library gives the codes of errors in its texts alone, and none for a connection that was closed.
 */
export function classifyStatus({ status, details, conduct, setUpError }: CallEnd): FailureClass {
  if (status === 'DEADLINE_EXCEEDED') return 'timeout';
  if (status === 'INTERNAL' && details.startsWith('Received RST_STREAM')) return 'protocol';
  if (status !== 'UNAVAILABLE') return 'status';
  const [code] = SYSTEM_CODE.exec(details) ?? [];
  const failure = code === undefined ? 'other' : classifyFailure({ code });
  if (failure !== 'other') return failure;
  if (details.startsWith('Name resolution failed')) return 'dns';
  if (!MADE_UP.test(details)) return 'status';
  if (setUpError instanceof TunnelError) return classifyFailure(setUpError);
  if (setUpError !== undefined) return 'tls';
  return conduct.reset ? 'reset' : 'eof';
}

/** Texts of grpc-js for a connection that there is not, or not any more. */
const MADE_UP = /^(?:No connection established|Connection dropped|Failed to connect)/;

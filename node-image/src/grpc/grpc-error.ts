import { ConnectionError, type Failing } from '../connection/connection-error.ts';
import type { GrpcMetadata } from './grpc-connection.ts';
import type { GrpcStatus } from './grpc-status.ts';

/** A gRPC call that ended with a status that was not expected, from the server or for want of one. */
export class GrpcError extends ConnectionError {
  override readonly name = 'GrpcError';
  /** `package.Service/Method`. */
  readonly method: string;
  readonly status: GrpcStatus;
  /** What the status says beside its code; '' for nothing. */
  readonly details: string;
  /** Of the trailers. */
  readonly metadata: GrpcMetadata;

  constructor(
    { method, status, details, metadata }: Pick<GrpcError, 'method' | 'status' | 'details' | 'metadata'>,
    failing: Failing,
  ) {
    super(`gRPC ${method}`, failing);
    this.method = method;
    this.status = status;
    this.details = details;
    this.metadata = metadata;
  }
}

import type { GrpcStatus } from './grpc-status.ts';

/** The name of a status, several, or the answer to whether one is expected. */
export type ExpectedGrpcStatus = GrpcStatus | readonly GrpcStatus[] | ((status: GrpcStatus) => boolean);

/** Tells which status is a success; without a word of that OK alone. Throws a TypeError for what can expect none. */
export function expectationOf(expected: ExpectedGrpcStatus | undefined): (status: GrpcStatus) => boolean {
  if (expected === undefined) return isOk;
  if (typeof expected === 'function') return expected;
  if (typeof expected === 'string') return (status) => status === expected;
  if (Array.isArray(expected) && expected.length > 0) return (status) => expected.includes(status);
  throw new TypeError("`expectStatus` of a call takes the name of a status, a list of them or a function: 'NOT_FOUND'");
}

function isOk(status: GrpcStatus): boolean {
  return status === 'OK';
}

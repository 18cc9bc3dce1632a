import type { Metadata, StatusObject } from '@grpc/grpc-js';
import { CUT, type Failing, networkReason } from '../connection/connection-error.ts';
import { counted, type Traffic } from '../connection/traffic.ts';
import type { FailureClass } from '../http/failure-class.ts';
import { ProxyError } from '../http/proxy-error.ts';
import { TunnelError } from '../http/tunnel/tunnel-error.ts';
import { classifyStatus } from './classify-status.ts';
import type { ConnectionWatch } from './connection-watch.ts';
import type { GrpcMetadata, GrpcResponse } from './grpc-connection.ts';
import { GrpcError } from './grpc-error.ts';
import type { GrpcStatus } from './grpc-status.ts';

/** What a call is, from its begin on. */
export type CallBegun = {
  /** `package.Service/Method`. */
  readonly method: string;
  readonly name: string;
  /** The step that it was made in; '' for none. */
  readonly group: string;
  readonly timeoutMs: number;
  readonly isExpected: (status: GrpcStatus) => boolean;
  readonly fromMs: number;
};

/** How a call ended, but for its message. */
export type CallOutcome = { readonly response: Omit<GrpcResponse<never>, 'message'> } | { readonly error: GrpcError };

export type CallAccounting = {
  readonly traffic: Traffic;
  readonly watch: ConnectionWatch;
  readonly statusName: (code: number) => GrpcStatus;
  /** Host and port of the forward proxy that its channel connects to. */
  readonly proxy?: string | undefined;
};

/** Counts a call that has ended. One that its own user has ended before has not failed. */
export function settle(
  accounting: CallAccounting,
  call: CallBegun,
  end: Pick<StatusObject, 'code' | 'details' | 'metadata'>,
  cancelled: boolean,
): CallOutcome {
  const { traffic, watch, statusName } = accounting;
  const { method, name, fromMs, timeoutMs } = call;
  const { details } = end;
  const status = statusName(end.code);
  const isCut = cancelled || traffic.signal.aborted;
  const isGood = call.isExpected(status);
  const toMs = performance.now();
  record(traffic, call, { status, failed: !isGood && !isCut, bytes: watch.takeBytes(), toMs });
  const metadata = plain(end.metadata);
  if (isGood) return { response: { status, details, metadata, durationMs: toMs - fromMs } };
  const failing = traffic.signal.aborted
    ? CUT
    : cancelled
      ? CANCELLED
      : failingOf(status, details, timeoutMs, accounting);
  return { error: counted(traffic, name, new GrpcError({ method, status, details, metadata }, failing), fromMs) };
}

const CANCELLED: Failing = { failure: 'aborted', reason: 'the call was cancelled' };

type Recorded = {
  readonly status: GrpcStatus;
  readonly failed: boolean;
  readonly bytes: { readonly sent: number; readonly received: number };
  readonly toMs: number;
};

function record(
  { recorder, scenario }: Traffic,
  { name: wanted, group, method, fromMs }: CallBegun,
  { status, failed, bytes, toMs }: Recorded,
): void {
  const { series } = recorder;
  const name = recorder.capped(wanted);
  const place = { scenario: scenario(), name, group };
  const tags = { ...place, method, status };
  series.counter('grpc_reqs', tags)(1, fromMs, toMs);
  series.trend('grpc_req_duration', tags)(toMs - fromMs, fromMs, toMs);
  series.rate('grpc_req_failed', tags)(failed, fromMs, toMs);
  series.counter('data_sent', place)(bytes.sent, toMs);
  series.counter('data_received', place)(bytes.received, toMs);
}

function failingOf(
  status: GrpcStatus,
  details: string,
  timeoutMs: number,
  { watch: { conduct, setUpError }, proxy }: CallAccounting,
): Failing {
  const failure = classifyStatus({ status, details, conduct, setUpError });
  const cause = failure === 'tls' || failure === 'other' ? setUpError : proxyErrorOf(failure, setUpError, proxy);
  switch (failure) {
    case 'timeout':
      return { failure, reason: `no answer within ${timeoutMs} ms (${status})` };
    case 'status':
    case 'protocol':
      return { failure, reason: details === '' ? status : `${status}: ${details}` };
    default:
      return { failure, reason: `${networkReason(failure, cause ?? details)} (${status})`, cause };
  }
}

/** Who connects through a proxy connects to nobody else; what the proxy says of its own attempt is a TunnelError. */
function proxyErrorOf(failure: FailureClass, setUpError: unknown, proxy: string | undefined): ProxyError | undefined {
  if (proxy === undefined || setUpError instanceof TunnelError) return undefined;
  if (failure === 'refused') return new ProxyError(proxy, 'ECONNREFUSED');
  return failure === 'dns' ? new ProxyError(proxy, 'ENOTFOUND') : undefined;
}

function plain(metadata: Metadata | undefined): GrpcMetadata {
  return metadata?.getMap() ?? {};
}

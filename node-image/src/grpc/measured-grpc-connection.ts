import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Client, Metadata, ServiceError, StatusObject } from '@grpc/grpc-js';
import { ByScenario } from '../connection/by-scenario.ts';
import { CLOSED } from '../connection/connection-error.ts';
import type { Connection } from '../connection/connection-scope.ts';
import { refuseUnknown } from '../options/unknown-option.ts';
import { type CallAccounting, type CallBegun, type CallOutcome, settle } from './call-account.ts';
import { expectationOf } from './expected-status.ts';
import type {
  CallOptions,
  GrpcConnection,
  GrpcMetadata,
  GrpcOptions,
  GrpcResponse,
  GrpcStream,
} from './grpc-connection.ts';
import { GrpcError } from './grpc-error.ts';
import { type CallKind, type Method, type Methods, methodOf } from './load-proto.ts';
import { MeasuredGrpcStream, type StreamMeters } from './measured-grpc-stream.ts';

const OPTIONS: readonly string[] = Object.keys({
  name: true,
  metadata: true,
  timeout: true,
  expectStatus: true,
} satisfies Record<keyof CallOptions, true>);

const TIMEOUT_MS = 30_000;
/** How long the connection may take to end in good order, ms. */
const CLOSE_MS = 2000;

export type GrpcParts = CallAccounting & {
  readonly client: Client;
  readonly methods: Methods;
  readonly options: GrpcOptions;
  readonly makeMetadata: () => Metadata;
};

/** A gRPC connection whose calls are counted. */
export class MeasuredGrpcConnection implements GrpcConnection, Connection {
  readonly #parts: GrpcParts;
  readonly #active = new Set<{ cancel(): void }>();
  #closed = false;

  constructor(parts: GrpcParts) {
    this.#parts = parts;
    parts.traffic.scope.add(this);
  }

  async call<Response = unknown>(
    method: string,
    message: object,
    options: CallOptions = {},
  ): Promise<GrpcResponse<Response>> {
    const definition = methodOf(this.#parts.methods, method, 'call');
    if (this.#closed) await refuse(this.#closedError(definition));
    const begun = this.#begin(definition, options);
    const { outcome, value } = await this.#send(definition, message, begun, options);
    if ('error' in outcome) return await refuse(outcome.error);
    return { ...outcome.response, message: value as Response };
  }

  serverStream<Response = unknown>(
    method: string,
    message: object,
    options: CallOptions = {},
  ): GrpcStream<never, Response> {
    const stream = this.#stream('serverStream', method, options);
    // A failure to send is one of the call, whose status is waited for.
    stream.send(message).catch(() => undefined);
    stream.end();
    return stream as unknown as GrpcStream<never, Response>;
  }

  clientStream<Request extends object = object, Response = unknown>(
    method: string,
    options: CallOptions = {},
  ): GrpcStream<Request, Response> {
    return this.#stream('clientStream', method, options) as unknown as GrpcStream<Request, Response>;
  }

  duplex<Request extends object = object, Response = unknown>(
    method: string,
    options: CallOptions = {},
  ): GrpcStream<Request, Response> {
    return this.#stream('duplex', method, options) as unknown as GrpcStream<Request, Response>;
  }

  async close(): Promise<void> {
    this.#end();
    setTimeout(() => this.#parts.watch.destroy(), CLOSE_MS).unref();
    await nextTurn();
  }

  cut(): void {
    this.#end();
    this.#parts.watch.destroy();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #end(): void {
    this.#closed = true;
    const { client, traffic } = this.#parts;
    traffic.scope.delete(this);
    for (const call of Array.from(this.#active)) call.cancel();
    client.close();
  }

  async #send(
    { path, requestSerialize, responseDeserialize }: Method,
    message: object,
    begun: CallBegun,
    options: CallOptions,
  ): Promise<{ readonly outcome: CallOutcome; readonly value: object | undefined }> {
    const { client } = this.#parts;
    const { promise, resolve } = Promise.withResolvers<Pick<StatusObject, 'code' | 'details' | 'metadata'>>();
    let value: object | undefined;
    let failed: ServiceError | null = null;
    const metadata = this.#metadata(options.metadata);
    const settings = { deadline: Date.now() + begun.timeoutMs };
    const call = client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      message,
      metadata,
      settings,
      (error, response) => {
        failed = error;
        value = response;
      },
    );
    let cancelled = false;
    const active = {
      cancel: () => {
        cancelled = true;
        call.cancel();
      },
    };
    this.#active.add(active);
    // It comes after the response, and has the trailers.
    call.on('status', (status) => resolve(failed ?? status));
    const status = await promise;
    this.#active.delete(active);
    return { outcome: settle(this.#parts, begun, status, cancelled), value };
  }

  #stream(kind: CallKind, wanted: string, options: CallOptions): MeasuredGrpcStream {
    const { client, methods, traffic } = this.#parts;
    const method = methodOf(methods, wanted, kind);
    if (this.#closed) throw this.#closedError(method);
    const begun = this.#begin(method, options);
    const { recorder } = traffic;
    const meters = new ByScenario<StreamMeters>(traffic, recorder.capped(begun.name), (tags) => ({
      begun: recorder.series.counter('grpc_streams', tags),
      sent: recorder.series.counter('grpc_streams_msgs_sent', tags),
      received: recorder.series.counter('grpc_streams_msgs_received', tags),
    }));
    meters.now.begun(1, begun.fromMs);
    const call = client.makeBidiStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      this.#metadata(options.metadata),
      { deadline: Date.now() + begun.timeoutMs },
    );
    const stream: MeasuredGrpcStream = new MeasuredGrpcStream({
      call,
      meters,
      settle: (status, cancelled) => {
        this.#active.delete(stream);
        return settle(this.#parts, begun, status, cancelled);
      },
    });
    this.#active.add(stream);
    return stream;
  }

  #begin({ path }: Method, options: CallOptions): CallBegun {
    refuseUnknown('a gRPC call', options, OPTIONS);
    const { name, timeout, expectStatus } = options;
    const method = path.slice(1);
    return {
      method,
      name: name ?? method,
      group: this.#parts.traffic.group(),
      timeoutMs: timeout ?? this.#parts.options.timeout ?? TIMEOUT_MS,
      isExpected: expectationOf(expectStatus),
      fromMs: performance.now(),
    };
  }

  #metadata(own: GrpcMetadata = {}): Metadata {
    const metadata = this.#parts.makeMetadata();
    for (const [key, value] of Object.entries({ ...this.#parts.options.metadata, ...own })) metadata.set(key, value);
    return metadata;
  }

  #closedError({ path }: Method): GrpcError {
    return new GrpcError({ method: path.slice(1), status: 'CANCELLED', details: '', metadata: {} }, CLOSED);
  }
}

/** In a later turn of the event loop: a scenario that tries again for ever must not block it. */
async function refuse(error: GrpcError): Promise<never> {
  await nextTurn();
  throw error;
}

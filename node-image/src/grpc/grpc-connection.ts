import type { TlsOptions } from '../http/open-socket.ts';
import type { ExpectedGrpcStatus } from './expected-status.ts';
import type { GrpcStatus } from './grpc-status.ts';

/** Metadata by its key in lower case; keys that end in `-bin` have bytes. */
export type GrpcMetadata = Readonly<Record<string, string | Buffer>>;

export type GrpcOptions = {
  /** Path of the .proto file with the services, from the scenario file; or several. Each is read once in a process. */
  readonly proto: string | readonly string[];
  /** Where imports of .proto files are looked for, from the scenario file. Default: its own folder. */
  readonly includeDirs?: readonly string[] | undefined;
  /** Speak TLS: true, or with these settings. Default: false. */
  readonly tls?: boolean | TlsOptions | undefined;
  /** A forward proxy that carries the connection: `http://user:password@host:port` (CONNECT), or `socks5://...`. Chaos proxies do not apply then. */
  readonly proxy?: string | undefined;
  /** Metadata of every call. */
  readonly metadata?: GrpcMetadata | undefined;
  /** Milliseconds for a whole call, connecting included: its deadline. Default: 30 000. */
  readonly timeout?: number | undefined;
  /** Bytes of a message that comes; more ends its call (`RESOURCE_EXHAUSTED`). Default: 4 MiB. */
  readonly maxMessageBytes?: number | undefined;
  /**
   * Options of the channel as `@grpc/grpc-js` has them, over those of Loads: `{ 'grpc.keepalive_time_ms': 10_000 }` sends
   * keepalive pings while calls are under way.
   */
  readonly channelOptions?: Readonly<Record<string, string | number>> | undefined;
};

export type CallOptions = {
  /** Its name in metrics and reports. Default: the method, `package.Service/Method`. */
  readonly name?: string | undefined;
  /** Metadata of this call, beside those of the connection. */
  readonly metadata?: GrpcMetadata | undefined;
  /** Milliseconds for the whole call, a stream's too: its deadline. Default: the connection's. */
  readonly timeout?: number | undefined;
  /** Which status is a success, or which are; such a call resolves. Default: OK alone. */
  readonly expectStatus?: ExpectedGrpcStatus | undefined;
};

/** How a call ended. */
export type GrpcResponse<Message> = {
  readonly status: GrpcStatus;
  /** What the status says beside its code; '' for nothing. */
  readonly details: string;
  /** The message, of a call whose status is OK. Field names are those of the .proto file, 64-bit numbers and enums are texts. */
  readonly message: Message;
  /** Of the trailers. */
  readonly metadata: GrpcMetadata;
  /** From its begin to its status, ms. */
  readonly durationMs: number;
};

/**
 * A call that streams in one direction or both. Messages that nobody has read yet are kept; from 1000 of them the server has to
 * wait. What fails rejects with a `GrpcError`.
 */
export interface GrpcStream<Request, Response> extends AsyncIterable<Response> {
  /** Sends a message. Resolves when there is room for the next one. */
  send(message: Request): Promise<void>;
  /** Sends no more; the server can still answer. */
  end(): void;
  /** The next message; undefined when the server has sent all. */
  receive(): Promise<Response | undefined>;
  /** Sends no more, reads over what nobody has read but the last message, and gives how the call ended. */
  finish(): Promise<GrpcResponse<Response>>;
  /** Ends it at once: its status is CANCELLED, and that is no failure. */
  cancel(): void;
}

/**
 * A connection to a gRPC server, opened by its first call and again when it breaks; nothing is called twice. Methods are named
 * as in the .proto file: `shop.Shop/GetItem`. A method that is not there, or is of another kind, rejects with a TypeError.
 */
export interface GrpcConnection extends AsyncDisposable {
  /** Calls a method that takes one message and gives one. Rejects with a `GrpcError` for a status that was not expected. */
  call<Response = unknown>(method: string, message: object, options?: CallOptions): Promise<GrpcResponse<Response>>;
  /** Calls a method that gives a stream of messages for one: it is sent, and the stream ended on our side. */
  serverStream<Response = unknown>(method: string, message: object, options?: CallOptions): GrpcStream<never, Response>;
  /** Calls a method that takes a stream of messages and gives one: `send` them, and `finish`. */
  clientStream<Request extends object = object, Response = unknown>(
    method: string,
    options?: CallOptions,
  ): GrpcStream<Request, Response>;
  /** Calls a method that takes and gives streams of messages. */
  duplex<Request extends object = object, Response = unknown>(
    method: string,
    options?: CallOptions,
  ): GrpcStream<Request, Response>;
  /** Ends the calls that are under way, and the connection. */
  close(): Promise<void>;
}

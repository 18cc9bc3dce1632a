import type { Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { ChannelCredentials, ChannelOptions } from '@grpc/grpc-js';
import { formatAddress, parseAddress } from '@loads/core';
import { dialled, type Traffic } from '../connection/traffic.ts';
import type { TlsOptions } from '../http/open-socket.ts';
import { tunnelProxy } from '../http/tunnel/tunnel-proxy.ts';
import { refuseUnknown } from '../options/unknown-option.ts';
import { ConnectionWatch, watched } from './connection-watch.ts';
import type { GrpcConnection, GrpcOptions } from './grpc-connection.ts';
import type { GrpcStatus } from './grpc-status.ts';
import { loadProto } from './load-proto.ts';
import { MeasuredGrpcConnection } from './measured-grpc-connection.ts';

type Grpc = typeof import('@grpc/grpc-js');

const MAX_MESSAGE_BYTES = 4 << 20;

const OPTIONS: readonly string[] = Object.keys({
  proto: true,
  includeDirs: true,
  tls: true,
  proxy: true,
  metadata: true,
  timeout: true,
  maxMessageBytes: true,
  channelOptions: true,
} satisfies Record<keyof GrpcOptions, true>);

/** Makes gRPC connections. One that is left open is closed at the end of the iteration, worker or fixture that has made it. */
export interface GrpcClient {
  /**
   * Makes a connection to `host:port`, through the chaos proxy that stands before it, where one does. It is opened by the
   * first call. Throws ERR_SCENARIO_LOAD for a .proto file that cannot be read, and a TypeError for an address that is none
   * or an option that there is not.
   */
  connect(address: string, options: GrpcOptions): Promise<GrpcConnection>;
}

export function grpcClient(traffic: Traffic): GrpcClient {
  return new TrafficGrpcClient(traffic);
}

/** A class, since every worker has two, and idle workers are many. */
class TrafficGrpcClient implements GrpcClient {
  readonly #traffic: Traffic;

  constructor(traffic: Traffic) {
    this.#traffic = traffic;
  }

  connect(address: string, options: GrpcOptions): Promise<GrpcConnection> {
    return connect(this.#traffic, address, options);
  }
}

async function connect(traffic: Traffic, text: string, options: GrpcOptions): Promise<GrpcConnection> {
  refuseUnknown('a gRPC connection', options, OPTIONS);
  const address = parseAddress(text);
  if (!address) throw new TypeError(`expected an address such as shop.example.com:50051, got '${text}'`);
  const through = options.proxy === undefined ? undefined : tunnelProxy(options.proxy);
  const methods = await loadProto(options.proto, options.includeDirs);
  // Only here: most scenarios do not need it.
  const grpc = await import('@grpc/grpc-js');
  const { tls = false, maxMessageBytes = MAX_MESSAGE_BYTES } = options;
  const settings = typeof tls === 'object' ? tls : NO_TLS_OPTIONS;
  const watch = new ConnectionWatch();
  const channel: ChannelOptions = {
    ...CHANNEL,
    'grpc.default_authority': formatAddress(address),
    'grpc.max_receive_message_length': maxMessageBytes,
    ...(tls === false ? {} : { 'grpc.ssl_target_name_override': settings.servername ?? address.host }),
    ...options.channelOptions,
  };
  const inner = tls === false ? grpc.credentials.createInsecure() : secure(grpc, settings);
  // The channel connects to the forward proxy, and has each of its connections lead on from there.
  const dial = formatAddress(through?.address ?? dialled(traffic, address));
  const tunnel = through && ((socket: Socket) => through.kind.open(socket, address, through.user));
  return new MeasuredGrpcConnection({
    client: new grpc.Client(dial, watched(grpc, inner, watch, tunnel), channel),
    methods,
    options,
    watch,
    traffic,
    proxy: through && formatAddress(through.address),
    makeMetadata: () => new grpc.Metadata(),
    statusName: (code) => (grpc.status[code] ?? 'UNKNOWN') as GrpcStatus,
  });
}

const CHANNEL: ChannelOptions = {
  // What is measured is one attempt.
  'grpc.enable_retries': 0,
  // Forward proxies of the environment are not asked: they would hide the chaos proxies.
  'grpc.enable_http_proxy': 0,
  // Each worker has its own connection.
  'grpc.use_local_subchannel_pool': 1,
  'grpc.enable_channelz': 0,
  // With the default of up to 2 min, the recovery of the client would be measured instead of the service's.
  'grpc.initial_reconnect_backoff_ms': 50,
  'grpc.max_reconnect_backoff_ms': 500,
};

const NO_TLS_OPTIONS: TlsOptions = {};

/** A context reads all certificates, so there is one for all connections with the same settings. */
const contexts = new WeakMap<TlsOptions, ReturnType<typeof createSecureContext>>();

function secure(grpc: Grpc, tls: TlsOptions): ChannelCredentials {
  let context = contexts.get(tls);
  if (context === undefined) {
    context = createSecureContext(tls);
    contexts.set(tls, context);
  }
  const { rejectUnauthorized } = tls;
  return grpc.ChannelCredentials.createFromSecureContext(
    context,
    rejectUnauthorized === undefined ? {} : { rejectUnauthorized },
  );
}

import { type GrpcClient, grpcClient } from '../grpc/grpc-client.ts';
import { type TcpClient, tcpClient } from '../tcp/tcp-client.ts';
import { type WebSocketClient, webSocketClient } from '../websocket/web-socket-client.ts';
import type { Traffic } from './traffic.ts';

/** What a scenario speaks beside HTTP. Their libraries are loaded when they are used. */
export type Protocols = {
  /** WebSockets. */
  readonly ws: WebSocketClient;
  readonly grpc: GrpcClient;
  /** Raw TCP, with TLS or without. */
  readonly tcp: TcpClient;
};

export function protocolsOf(traffic: Traffic): Protocols {
  return { ws: webSocketClient(traffic), grpc: grpcClient(traffic), tcp: tcpClient(traffic) };
}

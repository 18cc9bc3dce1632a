import { registry } from './api/registry.ts';
import { declareAsTests, isNodeTest } from './functional/under-node-test.ts';

export { type ActiveContext, check, getContext, stats } from './api/active.ts';
export type {
  ProcessSetupFunction,
  ProcessTeardownContext,
  ProcessTeardownFunction,
  RunContext,
  ScenarioContext,
  ScenarioFunction,
  ScenarioOptions,
  ScenarioPicker,
  SessionContext,
  SessionFactory,
  SessionFunction,
  SetupContext,
  SetupFunction,
  TeardownFunction,
  WorkerContext,
  WorkerSetupFunction,
  WorkerTeardownFunction,
} from './api/context.ts';
export type { EventName, EventPayloads, EventRequest, EventScenario, EventStage, LoadEvent } from './api/events.ts';
export { type CsvOptions, csv, FeedEmptyError, type Feeder, type FeedOptions, feed, jsonLines } from './api/feed.ts';
export { type FileOptions, file } from './api/file.ts';
export {
  events,
  scenario,
  scenarioPicker,
  sessionFactory,
  setup,
  setupProcess,
  setupSession,
  setupWorker,
  teardown,
  teardownProcess,
  teardownSession,
  teardownWorker,
} from './api/registry.ts';
export { jsonRequest, type PlainRequest, type PlainResponse, request } from './api/request.ts';
export { getVar, setVar } from './api/variables.ts';
export { ConnectionError } from './connection/connection-error.ts';
export { standIns } from './functional/stand-ins.ts';
export type { ExpectedGrpcStatus } from './grpc/expected-status.ts';
export type { GrpcClient } from './grpc/grpc-client.ts';
export type {
  CallOptions,
  GrpcConnection,
  GrpcMetadata,
  GrpcOptions,
  GrpcResponse,
  GrpcStream,
} from './grpc/grpc-connection.ts';
export { GrpcError } from './grpc/grpc-error.ts';
export type { GrpcStatus } from './grpc/grpc-status.ts';
export type { ContentCoding } from './http/content-coding.ts';
export type { CookieAttributes, Cookies } from './http/cookies.ts';
export { createHttpClient } from './http/create-http-client.ts';
export type { Credentials } from './http/credentials.ts';
export type { DnsOptions } from './http/dns/dns-options.ts';
export type { ExpectedStatus } from './http/expected-status.ts';
export type { FailureClass } from './http/failure-class.ts';
export type { HttpClient, HttpClientOptions } from './http/http-client.ts';
export type { HttpResponse } from './http/http-response.ts';
export type { TlsOptions } from './http/open-socket.ts';
export { RequestError } from './http/request-error.ts';
export type { RequestOptions } from './http/request-options.ts';
export type { RequestSample } from './http/request-sample.ts';
export type { SessionOptions } from './http/session-options.ts';
export type { ResponseLimits } from './http/wire/response-limits.ts';
export { main as nodeMain } from './main.ts';
export type { Stats } from './stats/stats.ts';
export type { TcpClient } from './tcp/tcp-client.ts';
export type { DelimiterOptions, TcpConnection, TcpOptions, TcpPatience } from './tcp/tcp-connection.ts';
export { TcpError } from './tcp/tcp-error.ts';
export type { WebSocketClient } from './websocket/web-socket-client.ts';
export type { Patience, WebSocketConnection, WebSocketOptions } from './websocket/web-socket-connection.ts';
export { WebSocketError } from './websocket/web-socket-error.ts';
export type { WebSocketMessage } from './websocket/web-socket-message.ts';

// A scenario file that `node --test` runs.
if (isNodeTest(process)) declareAsTests(registry, process);

import type { MetricDefinition } from './metric-definition.ts';

/** The metrics of the protocols beside HTTP, under k6's names where k6 has one. */
export const PROTOCOL_METRICS: Readonly<Record<string, MetricDefinition>> = {
  ws_sessions: { kind: 'counter', unit: '', doc: 'WebSockets that were to be opened.' },
  ws_session_failed: {
    kind: 'rate',
    unit: 'ratio',
    doc: 'Share of the WebSockets that could not be opened, broke, or did not bring in time what was waited for.',
  },
  ws_connecting: {
    kind: 'trend',
    unit: 'ms',
    doc: 'Opening a WebSocket, from its connection to the end of its handshake.',
  },
  ws_session_duration: { kind: 'trend', unit: 'ms', doc: 'How long a WebSocket was open.' },
  ws_msgs_sent: { kind: 'counter', unit: '', doc: 'Messages sent over WebSockets.' },
  ws_msgs_received: { kind: 'counter', unit: '', doc: 'Messages received over WebSockets.' },
  ws_ping: { kind: 'trend', unit: 'ms', doc: 'From a ping to its pong.' },
  ws_waiting: { kind: 'trend', unit: 'ms', doc: 'How long a scenario waited for a message that came.' },
  grpc_reqs: { kind: 'counter', unit: '', doc: 'gRPC calls that ended, in any way.' },
  grpc_req_duration: { kind: 'trend', unit: 'ms', doc: 'From the begin of a gRPC call to its status.' },
  grpc_req_failed: {
    kind: 'rate',
    unit: 'ratio',
    doc: 'Share of the gRPC calls that ended with an unexpected status.',
  },
  grpc_streams: { kind: 'counter', unit: '', doc: 'gRPC calls that stream, begun.' },
  grpc_streams_msgs_sent: { kind: 'counter', unit: '', doc: 'Messages sent in streams of gRPC.' },
  grpc_streams_msgs_received: { kind: 'counter', unit: '', doc: 'Messages received in streams of gRPC.' },
  tcp_sessions: { kind: 'counter', unit: '', doc: 'TCP connections that were to be opened.' },
  tcp_session_failed: {
    kind: 'rate',
    unit: 'ratio',
    doc: 'Share of the TCP connections that could not be opened, broke, or did not bring in time what was waited for.',
  },
  tcp_connecting: { kind: 'trend', unit: 'ms', doc: 'Opening a TCP connection, TLS included.' },
  tcp_session_duration: { kind: 'trend', unit: 'ms', doc: 'How long a TCP connection was open.' },
  tcp_waiting: { kind: 'trend', unit: 'ms', doc: 'How long a scenario waited for bytes that came.' },
};

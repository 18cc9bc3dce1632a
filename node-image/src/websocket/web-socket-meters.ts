import { ByScenario } from '../connection/by-scenario.ts';
import type { Traffic } from '../connection/traffic.ts';
import type { Counter, Rate, Trend } from '../recording/series-recorder.ts';

/** What is measured of WebSockets of one name. */
export type WebSocketMeters = {
  readonly sessions: Counter;
  readonly failed: Rate;
  readonly connecting: Trend;
  readonly duration: Trend;
  readonly waiting: Trend;
  readonly ping: Trend;
  readonly messagesSent: Counter;
  readonly messagesReceived: Counter;
  readonly bytesSent: Counter;
  readonly bytesReceived: Counter;
};

export function webSocketMeters(traffic: Traffic, wanted: string): ByScenario<WebSocketMeters> {
  const { recorder } = traffic;
  const { series } = recorder;
  return new ByScenario(traffic, recorder.capped(wanted), (tags) => ({
    sessions: series.counter('ws_sessions', tags),
    failed: series.rate('ws_session_failed', tags),
    connecting: series.trend('ws_connecting', tags),
    duration: series.trend('ws_session_duration', tags),
    waiting: series.trend('ws_waiting', tags),
    ping: series.trend('ws_ping', tags),
    messagesSent: series.counter('ws_msgs_sent', tags),
    messagesReceived: series.counter('ws_msgs_received', tags),
    bytesSent: series.counter('data_sent', tags),
    bytesReceived: series.counter('data_received', tags),
  }));
}

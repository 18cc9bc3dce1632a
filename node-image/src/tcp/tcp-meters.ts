import { ByScenario } from '../connection/by-scenario.ts';
import type { Traffic } from '../connection/traffic.ts';
import type { Counter, Rate, Trend } from '../recording/series-recorder.ts';

/** What is measured of TCP connections of one name. */
export type TcpMeters = {
  readonly sessions: Counter;
  readonly failed: Rate;
  readonly connecting: Trend;
  readonly duration: Trend;
  readonly waiting: Trend;
  readonly bytesSent: Counter;
  readonly bytesReceived: Counter;
};

export function tcpMeters(traffic: Traffic, wanted: string): ByScenario<TcpMeters> {
  const { recorder } = traffic;
  const { series } = recorder;
  return new ByScenario(traffic, recorder.capped(wanted), (tags) => ({
    sessions: series.counter('tcp_sessions', tags),
    failed: series.rate('tcp_session_failed', tags),
    connecting: series.trend('tcp_connecting', tags),
    duration: series.trend('tcp_session_duration', tags),
    waiting: series.trend('tcp_waiting', tags),
    bytesSent: series.counter('data_sent', tags),
    bytesReceived: series.counter('data_received', tags),
  }));
}

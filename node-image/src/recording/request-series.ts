import { SampleWindow, type Tags } from '@loads/core';
import type { RequestSample } from '../http/request-sample.ts';
import type { Opening } from '../http/transport.ts';
import type { LineSink } from './line-sink.ts';

/** The requests that share all tags, since the last flush. */
export class RequestSeries {
  readonly #tags: Tags;
  readonly #duration = new SampleWindow();
  readonly #waiting = new SampleWindow();
  readonly #receiving = new SampleWindow();
  readonly #blocked = new SampleWindow();
  /** Few bodies are so large that they take a while to send. */
  #sending: SampleWindow | undefined;
  /** Few requests open a connection, and fewer do it with TLS. */
  #connecting: SampleWindow | undefined;
  #handshaking: SampleWindow | undefined;
  #ok = 0;
  #failed = 0;
  #sent = 0;
  #received = 0;

  constructor(tags: Tags) {
    this.#tags = tags;
  }

  record(sample: RequestSample): void {
    if (sample.failed) this.#failed += 1;
    else this.#ok += 1;
    this.#duration.record(sample.durationMs);
    this.#waiting.record(sample.waitingMs);
    this.#receiving.record(sample.receivingMs);
    this.#blocked.record(sample.blockedMs);
    if (sample.sendingMs > 0) {
      this.#sending ??= new SampleWindow();
      this.#sending.record(sample.sendingMs);
    }
    if (sample.opening !== undefined) this.#recordOpening(sample.opening);
    this.#sent += sample.bytesSent;
    this.#received += sample.bytesReceived;
  }

  /** Writes what has been recorded since the last time, and begins anew. */
  flush(sink: LineSink): void {
    const count = this.#ok + this.#failed;
    if (count === 0) return;
    const tags = this.#tags;
    sink.counter('http_reqs', count, tags);
    sink.rate('http_req_failed', this.#failed, this.#ok, tags);
    sink.trend('http_req_duration', this.#duration, tags);
    sink.trend('http_req_waiting', this.#waiting, tags);
    sink.trend('http_req_receiving', this.#receiving, tags);
    sink.trend('http_req_blocked', this.#blocked, tags);
    if (this.#sending !== undefined) sink.trend('http_req_sending', this.#sending, tags);
    if (this.#connecting !== undefined) sink.trend('http_req_connecting', this.#connecting, tags);
    if (this.#handshaking !== undefined) sink.trend('http_req_tls_handshaking', this.#handshaking, tags);
    sink.counter('data_sent', this.#sent, tags);
    sink.counter('data_received', this.#received, tags);
    this.#ok = this.#failed = this.#sent = this.#received = 0;
  }

  #recordOpening({ lookupMs, connectMs, tlsMs }: Opening): void {
    this.#connecting ??= new SampleWindow();
    this.#connecting.record(lookupMs + connectMs);
    if (tlsMs === 0) return;
    this.#handshaking ??= new SampleWindow();
    this.#handshaking.record(tlsMs);
  }
}

import { SampleWindow, type Tags } from '@loads/core';
import type { RequestSample } from '../http/request-sample.ts';
import type { LineSink } from './line-sink.ts';

/** The requests that share all tags, since the last flush. */
export class RequestSeries {
  readonly #tags: Tags;
  readonly #duration = new SampleWindow();
  readonly #waiting = new SampleWindow();
  readonly #blocked = new SampleWindow();
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
    this.#blocked.record(sample.blockedMs);
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
    sink.trend('http_req_blocked', this.#blocked, tags);
    sink.counter('data_sent', this.#sent, tags);
    sink.counter('data_received', this.#received, tags);
    this.#ok = this.#failed = this.#sent = this.#received = 0;
  }
}

import { parseDatagram, type StatsdSample } from '@loads/core';
import type { RequestSample } from '../http/request-sample.ts';
import { LineSink } from './line-sink.ts';

/** A request that went well in 10 ms, with the parts that a test is about. */
export function requestSample(change: Partial<RequestSample> = {}): RequestSample {
  return {
    name: 'GET /',
    method: 'GET',
    status: 200,
    failed: false,
    failure: undefined,
    error: undefined,
    startMs: 100,
    endMs: 110,
    durationMs: 8,
    sendingMs: 0,
    waitingMs: 6,
    receivingMs: 2,
    opening: undefined,
    blockedMs: 2,
    bytesSent: 50,
    bytesReceived: 500,
    faultId: undefined,
    group: '',
    origin: 'http://shop',
    request: { method: 'GET', path: '/', headers: {}, body: null },
    head: { status: 200, headers: {}, header: () => undefined, marked: false },
    ...change,
  };
}

/** A sample as it would arrive, in short. */
export type Arrived = Pick<StatsdSample, 'name' | 'type' | 'value' | 'weight' | 'tags'>;

/** What an agent would get of everything that `write` writes, and how many samples the sink says that it is. */
export function written(write: (sink: LineSink) => void): { arrived: readonly Arrived[]; samples: number } {
  const sink = new LineSink();
  write(sink);
  const { lines, samples } = sink.take();
  return { arrived: parsed(lines), samples };
}

export function parsed(lines: Iterable<string>): readonly Arrived[] {
  const arrived: Arrived[] = [];
  parseDatagram(Array.from(lines).join('\n'), {
    sample: ({ name, type, value, weight, tags }) => arrived.push({ name, type, value, weight, tags: { ...tags } }),
    malformed: (line, problem) => {
      throw new Error(`${problem}: ${line}`);
    },
    ignored: () => undefined,
  });
  return arrived;
}

import { type LineProblem, parseLine } from './parse-line.ts';
import { type ReadTags, readTags } from './read-tags.ts';
import type { StatsdSample } from './sample.ts';

/** Takes what a datagram holds. Lines are given as they came, without their end. */
export type DatagramSink = {
  sample(sample: StatsdSample): void;
  /** A line that is no statsd; nothing of it was given as a sample. */
  malformed(line: string, problem: LineProblem): void;
  /** An event or a service check of DogStatsD: sound, but nothing that is measured. */
  ignored(line: string): void;
};

/**
 * Parses a statsd datagram, decoded as UTF-8: lines parted by \n, empty ones skipped. Never throws by itself and takes
 * linear time, whatever it is given. The strings of a sample may be slices that keep the whole datagram in memory. `tagsOf`
 * reads the tags; one that remembers them (`rememberTags`) spares most of the work for a program that repeats its own.
 */
export function parseDatagram(datagram: string, sink: DatagramSink, tagsOf: ReadTags = readTags): void {
  const onSample = (sample: StatsdSample): void => sink.sample(sample);
  for (let start = 0; start < datagram.length; ) {
    const newline = datagram.indexOf('\n', start);
    const end = newline === -1 ? datagram.length : newline;
    const line = datagram.slice(start, datagram.charCodeAt(end - 1) === CARRIAGE_RETURN ? end - 1 : end);
    start = end + 1;
    if (line === '') continue;
    if (line.startsWith('_e{') || line.startsWith('_sc|')) {
      sink.ignored(line);
      continue;
    }
    const problem = parseLine(line, onSample, tagsOf);
    if (problem !== undefined) sink.malformed(line, problem);
  }
}

const CARRIAGE_RETURN = 0x0d;

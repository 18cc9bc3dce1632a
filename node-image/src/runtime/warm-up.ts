import { datagramsOf } from '../recording/datagrams.ts';
import { LineSink } from '../recording/line-sink.ts';
import { Recorder } from '../recording/recorder.ts';
import { LoadRecorder } from './load-recorder.ts';

const ROUNDS = 3;
const ITERATIONS = 500;

/**
 * Runs what every second of a run needs once before the run, on measurements that nobody sees: compiled for the first
 * time in the first second, it would hold up what is due then, by some 10 ms.
 */
export function warmUp(): void {
  const stamp = (): { phase: 'setup'; fault: string } => ({ phase: 'setup', fault: '' });
  const recorder = new Recorder(stamp);
  const measures = new LoadRecorder(stamp);
  const sink = new LineSink();
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < ITERATIONS; i++) {
      recorder.iteration('warm-up', i, i + 1 + Math.random(), false);
      recorder.check('warm-up', 'warm-up', true, i);
      measures.planned('warm-up', i, i + Math.random(), i + 1);
      measures.step('warm-up', 'warm-up', i, i + 1 + Math.random());
    }
    recorder.flush(sink);
    measures.flush(sink);
    measures.flushWorkers(sink);
    // Lines are written when they are packed.
    Array.from(datagramsOf(sink.take().lines));
  }
}

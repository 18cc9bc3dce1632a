import type { Competitor } from './competitor.ts';
import { programClient } from './program-client.ts';

/** wrk (C, one thread), which keeps a latency histogram and looks at nothing but the end of an answer. */
export const wrkClient: Competitor = programClient({
  name: 'wrk',
  program: 'wrk',
  // It stands still while others have their turn.
  args: ({ url, connections, seconds }) => ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '60s', url],
  answers(output) {
    if (/Socket errors|Non-2xx/.test(output)) throw new Error(`wrk met errors:\n${output}`);
    return Number(/(\d+) requests in/.exec(output)?.[1]);
  },
});

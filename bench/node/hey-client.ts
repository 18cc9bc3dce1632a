import type { Competitor } from './competitor.ts';
import { programClient } from './program-client.ts';

/** hey (Go), which keeps every latency and does not look at bodies. */
export const heyClient: Competitor = programClient({
  name: 'hey',
  program: 'hey',
  args: ({ url, connections, seconds }) => ['-c', `${connections}`, '-z', `${seconds}s`, url],
  answers: (output) => Number(/\[200\]\s+(\d+) responses/.exec(output)?.[1]),
});

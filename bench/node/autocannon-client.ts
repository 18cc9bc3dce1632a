import { createRequire } from 'node:module';
import type { Competitor } from './competitor.ts';
import { programClient } from './program-client.ts';

const AUTOCANNON = createRequire(import.meta.url).resolve('autocannon');

/** autocannon's command line, which keeps a latency histogram and does not look at bodies. */
export const autocannonClient: Competitor = programClient({
  name: 'autocannon',
  // It stands still while others have their turn.
  args: ({ url, connections, seconds }) => [
    AUTOCANNON,
    '--json',
    '--timeout',
    '60',
    '-c',
    `${connections}`,
    '-d',
    `${seconds}`,
    url,
  ],
  answers: answersIn,
});

function answersIn(output: string): number {
  const { '2xx': good, non2xx, errors } = JSON.parse(output) as { '2xx': number; non2xx: number; errors: number };
  if (non2xx === 0 && errors === 0) return good;
  throw new Error(`autocannon: ${good} good answers, ${non2xx} others, ${errors} errors`);
}

import { join } from 'node:path';
import type { Competitor } from './competitor.ts';
import { programClient } from './program-client.ts';

const PROGRAM = join(import.meta.dirname, 'bare-loop.ts');

/** What a test costs without a load tool: `undici.request`, JSON and an assertion, and nothing is measured. */
export const bareLoopClient: Competitor = programClient({
  name: 'undici.request',
  args: ({ url, connections, seconds }) => [PROGRAM, url, `${connections}`, `${seconds}`],
  answers: (output) => Number(output),
});

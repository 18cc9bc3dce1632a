import { join } from 'node:path';
import type { Competitor } from './competitor.ts';
import { programClient } from './program-client.ts';

const PROGRAM = join(import.meta.dirname, 'socket-loop.ts');

/** What sockets cost in Node: it counts reads and parses nothing. */
export const socketLoopClient: Competitor = programClient({
  name: 'bare socket loop',
  args: ({ url, connections, seconds }) => [PROGRAM, url, `${connections}`, `${seconds}`],
  answers: (output) => Number(output),
});

import { createRequire } from 'node:module';
import { type ClientProcess, Program } from './client-process.ts';
import type { ClientLoad, Competitor } from './competitor.ts';

const AUTOCANNON = createRequire(import.meta.url).resolve('autocannon');

/** autocannon's command line, which keeps a latency histogram and does not look at bodies. */
export const autocannonClient: Competitor = {
  name: 'autocannon',

  async start({ url, connections, seconds, dir }: ClientLoad): Promise<ClientProcess> {
    const program = new Program([AUTOCANNON, '--json', '-c', `${connections}`, '-d', `${seconds}`, url], dir);
    return {
      pid: program.pid,
      finish: async () => answersIn(await program.finish()),
      [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
    };
  },
};

function answersIn(output: string): number {
  const { '2xx': good, non2xx, errors } = JSON.parse(output) as { '2xx': number; non2xx: number; errors: number };
  if (non2xx === 0 && errors === 0) return good;
  throw new Error(`autocannon: ${good} good answers, ${non2xx} others, ${errors} errors`);
}

import { join } from 'node:path';
import { type ClientProcess, Program } from './client-process.ts';
import type { ClientLoad, Competitor } from './competitor.ts';

const PROGRAM = join(import.meta.dirname, 'bare-loop.ts');

/** What a test costs without a load tool: `undici.request`, JSON and an assertion, and nothing is measured. */
export const bareLoopClient: Competitor = {
  name: 'undici.request',

  async start({ url, connections, seconds, dir }: ClientLoad): Promise<ClientProcess> {
    const program = new Program([PROGRAM, url, `${connections}`, `${seconds}`], dir);
    return {
      pid: program.pid,
      finish: async () => Number(await program.finish()),
      [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
    };
  },
};

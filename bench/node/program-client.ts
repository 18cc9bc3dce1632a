import { Program } from './client-process.ts';
import type { ClientLoad, Competitor } from './competitor.ts';

export type ProgramClientOptions = {
  readonly name: string;
  /** What is on the PATH and runs; Node if absent. */
  readonly program?: string | undefined;
  readonly args: (load: ClientLoad) => readonly string[] | Promise<readonly string[]>;
  /** Reads from its output how many good answers it counted; throws an Error when there were others. */
  readonly answers: (output: string) => number;
};

/** A competitor that is one program. */
export function programClient({ name, program, args, answers }: ProgramClientOptions): Competitor {
  return {
    name,
    needs: program,
    async start(load) {
      const running = new Program(await args(load), load.dir, program);
      return {
        pid: running.pid,
        finish: async () => answers(await running.finish()),
        [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
      };
    },
  };
}

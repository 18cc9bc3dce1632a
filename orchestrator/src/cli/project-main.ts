import { main } from './main.ts';
import { projectArguments } from './project-arguments.ts';
import { exitCodeOf } from './run-load.ts';
import { Terminal } from './terminal.ts';

/** The command `loads-project`: `loads run` of the repository that the environment names. Gives the exit code. */
export async function projectMain(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  try {
    return await main(projectArguments(env, args), env);
  } catch (error) {
    const plain = { json: false, quiet: false, verbose: false, color: true };
    new Terminal(plain, process.stdout, process.stderr, env).error(error);
    return exitCodeOf(error);
  }
}

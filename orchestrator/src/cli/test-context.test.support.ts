import type { CliContext } from './cli-context.ts';

/** A context for command lines that are not to be run. */
export function testContext(command?: readonly string[]): CliContext {
  return {
    env: {},
    args: [],
    command,
    terminal() {
      throw new Error('the command began');
    },
    exit() {},
  };
}

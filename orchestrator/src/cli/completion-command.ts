import { Argument, type Command } from 'commander';
import { bashCompletion } from '../completion/bash.ts';
import { type CommandShape, commandShape } from '../completion/command-shape.ts';
import { fishCompletion } from '../completion/fish.ts';
import { zshCompletion } from '../completion/zsh.ts';
import { type CliContext, refuseCommand } from './cli-context.ts';

const SHELLS: Readonly<Record<string, (shape: CommandShape) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

const EXAMPLES = `
Examples:
  source <(loads completion bash)                   in ~/.bashrc
  source <(loads completion zsh)                    in ~/.zshrc, after compinit
  loads completion fish | source                    in ~/.config/fish/config.fish`;

/** Adds `loads completion`, made of all commands that there are. */
export function addCompletion(loads: Command, context: CliContext): void {
  loads
    .command('completion')
    .description('print the script that completes commands and options in a shell')
    .addArgument(new Argument('<shell>', 'which one').choices(Object.keys(SHELLS)))
    .addHelpText('after', EXAMPLES)
    .action((shell: string) => {
      refuseCommand(context, 'completion');
      const script = SHELLS[shell]?.(commandShape(loads)) ?? '';
      const terminal = context.terminal({ json: false, quiet: false, verbose: false, color: false });
      terminal.result([script.trimEnd()], {});
      context.exit(0);
    });
}

import type { Command } from 'commander';

/** What a run is to be known by. */
export type LabelFlags = { label?: string[] };

/** The option that may be given more than once. */
export const LABEL_REPEATABLE: readonly string[] = ['label'];

export function addLabelOption(command: Command): Command {
  return command.option(
    '--label <name=value>',
    'what the run is to be known by, in reports and comparisons; repeatable',
    (text: string, previous: string[] | undefined) => [...(previous ?? []), text],
  );
}

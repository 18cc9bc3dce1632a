import { LoadsError } from '@loads/core';
import type { Command } from 'commander';

/** Makes an option with a value an error when it is given twice: which of the two was meant? Flags may be repeated. */
export function refuseRepeats(command: Command, repeatable: readonly string[]): void {
  for (const option of command.options) {
    const name = option.name();
    if (option.isBoolean() || repeatable.includes(name)) continue;
    let given = false;
    command.on(`option:${name}`, () => {
      if (given) throw new LoadsError('ERR_USAGE', `--${name} is given twice`);
      given = true;
    });
  }
}

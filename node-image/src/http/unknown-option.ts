import { didYouMean } from '@loads/core';

/** The error for an option that `what` does not have; `names` are those that it has. */
export function unknownOption(what: string, name: string, names: readonly string[]): TypeError {
  const meant = didYouMean(name, names);
  const hint = meant === undefined ? '' : ` (did you mean '${meant}'?)`;
  return new TypeError(`${what} has no option '${name}'${hint}: there are ${names.join(', ')}`);
}

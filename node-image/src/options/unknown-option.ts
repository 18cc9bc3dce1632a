import { didYouMean } from '@loads/core';

/** Throws a TypeError for an option that `what` does not have; `names` are those that it has. */
export function refuseUnknown(what: string, options: object, names: readonly string[]): void {
  for (const name in options) if (!names.includes(name)) throw unknownOption(what, name, names);
}

/** The error for an option that `what` does not have; `names` are those that it has. */
export function unknownOption(what: string, name: string, names: readonly string[]): TypeError {
  const meant = didYouMean(name, names);
  const hint = meant === undefined ? '' : ` (did you mean '${meant}'?)`;
  return new TypeError(`${what} has no option '${name}'${hint}: there are ${names.join(', ')}`);
}

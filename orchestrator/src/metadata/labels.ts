import { LoadsError } from '@loads/core';

/** A name that every output can carry: as of labels of containers. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$/;
const LONGEST_VALUE = 256;

/** Reads labels as they are on the command line: `version=2`. A later one stands over one before. Throws ERR_USAGE. */
export function parseLabels(texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(texts.map(labelOf));
}

/** Whether a label can be called so. */
export function isLabelName(name: string): boolean {
  return NAME.test(name);
}

function labelOf(text: string): readonly [string, string] {
  const equals = text.indexOf('=');
  const name = text.slice(0, equals);
  const value = text.slice(equals + 1).trim();
  const fault =
    equals < 0 || !isLabelName(name)
      ? 'is no name=value, with a name of letters, digits and . _ - /'
      : value.length > LONGEST_VALUE || /\p{Cc}/u.test(value)
        ? `has a value of several lines, or of more than ${LONGEST_VALUE} characters`
        : undefined;
  if (fault !== undefined) throw new LoadsError('ERR_USAGE', `--label '${text.slice(0, 80)}' ${fault}`);
  return [name, value];
}

import type { Summary } from '@loads/core';

/** How many requests a summary shows under each name, good and failed. */
export function requestsByName({ requests }: Summary): Readonly<Record<string, number>> {
  return Object.fromEntries(requests.map(({ name, ok, ko }) => [name, ok + ko]));
}

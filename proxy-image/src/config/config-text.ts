import type { Given } from './given.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What one file says, before anything is known about its keys. */
export type ConfigText = {
  readonly given: readonly Given[];
  /** Another file, whose keys stand where this one has none. */
  readonly base?: string | undefined;
  readonly plugins: readonly string[];
  /** Complete lines, with their places. */
  readonly problems: readonly string[];
};

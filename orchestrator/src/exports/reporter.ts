import type { StoredRun } from '../run/stored-run.ts';

/** A format in which a run leaves Loads. A plug-in: one file that gives one of these, and a line in the registry. */
export type Reporter = {
  /** What users call it: `--format junit`. */
  readonly name: string;
  /** What it is, in a line, for `--help` and the docs. */
  readonly doc: string;
  /** What its files are usually called. */
  readonly file: string;
  /** Writes a run, judged or as it would be. Pure: the same run gives the same text. */
  report(run: StoredRun): string;
};

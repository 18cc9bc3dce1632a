/** What `loads-node inspect` is asked for on its standard input, as JSON: a scenario file, and all of its environment. */
export type InspectRequest = {
  readonly file: string;
  /** Modules that are loaded before it. */
  readonly extensions: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
};

/** What a run was made with and of, as it was when the run began. What could not be found out is left out. */
export type RunMetadata = {
  readonly versions: { readonly loads: string; readonly node: string };
  readonly host: HostMetadata;
  /** Of the folder that `loads` was called in, or of the project that was fetched. */
  readonly git?: GitMetadata | undefined;
};

export type HostMetadata = {
  readonly name: string;
  /** As in `linux 6.1.0 x64`. */
  readonly system: string;
  readonly cpus: number;
  readonly memoryBytes: number;
};

export type GitMetadata = {
  /** The full hash of the commit; undefined before the first one. */
  readonly revision?: string | undefined;
  /** Undefined where no branch is checked out. */
  readonly branch?: string | undefined;
  /** Whether files that git knows differ from the commit. */
  readonly dirty: boolean;
};

/** How the names of servers become addresses. Connections that are open stay with theirs. */
export type DnsOptions = {
  /** How long the addresses of a name are kept, ms: 0 asks anew for each connection, `Infinity` once (pinned). Default: 0. */
  readonly ttlMs?: number | undefined;
  /**
   * Which of a name's addresses a connection takes: the `first` that answers (the default), each in turn (`round-robin`, over
   * all workers of a process), or a `random` one.
   */
  readonly select?: 'first' | 'round-robin' | 'random' | undefined;
  /** Only addresses of this version of IP. */
  readonly family?: 4 | 6 | undefined;
};

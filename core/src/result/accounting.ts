/** What became of a node's samples. A sample is one timing that was observed, or one statsd line of another type. */
export type Accounting = {
  /** By the scenario process's own count; null when a foreign program emitted and nobody counted. */
  readonly emitted: number | null;
  readonly received: number;
  readonly stored: number;
  /** Lines that were no statsd, or had no room left in the limit of distinct series. */
  readonly rejected: number;
  /** Datagrams that the kernel dropped before the agent could read them. */
  readonly kernelDrops: number;
  /** Points for the database; `undefined` when none is configured. */
  readonly points?: PointAccounting | undefined;
};

export type PointAccounting = {
  readonly written: number;
  /** Still on disk, for a later `loads push`. */
  readonly spooled: number;
  readonly dropped: number;
};

/** The accounts of several nodes, added up. One node that nobody counted makes the sum of the emitted unknown. */
export function addAccounts(accounts: readonly Accounting[]): Accounting {
  const sum = (pick: (one: Accounting) => number): number => accounts.reduce((total, one) => total + pick(one), 0);
  const points = accounts.some((one) => one.points)
    ? {
        written: sum((one) => one.points?.written ?? 0),
        spooled: sum((one) => one.points?.spooled ?? 0),
        dropped: sum((one) => one.points?.dropped ?? 0),
      }
    : undefined;
  return {
    emitted: accounts.some((one) => one.emitted === null) ? null : sum((one) => one.emitted ?? 0),
    received: sum((one) => one.received),
    stored: sum((one) => one.stored),
    rejected: sum((one) => one.rejected),
    kernelDrops: sum((one) => one.kernelDrops),
    points,
  };
}

/** How many samples are missing, or undefined when samples are there that nobody emitted (the accounts do not add up). */
export function lostSamples({ emitted, received, stored, rejected, kernelDrops }: Accounting): number | undefined {
  const inside = received - stored;
  if (emitted === null) return inside + rejected + kernelDrops;
  return emitted < stored ? undefined : emitted - stored;
}

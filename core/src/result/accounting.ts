/** What became of a node's samples. A sample is one timing that was observed, or one statsd line of another type. */
export type Accounting = {
  /** By the scenario process's own count; null when a foreign program emitted and nobody counted. */
  readonly emitted: number | null;
  /** What arrived: `stored` and `rejected` together. */
  readonly received: number;
  readonly stored: number;
  /** Lines that were no statsd, and samples that had no room in the limit of distinct series, or no place in their metric. */
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
  /** Why points are not in the database, and how to mend it; undefined when all are. */
  readonly problem?: string | undefined;
};

/** The accounts of several nodes, added up. One node that nobody counted makes the sum of the emitted unknown. */
export function addAccounts(accounts: readonly Accounting[]): Accounting {
  const sum = (pick: (one: Accounting) => number): number => accounts.reduce((total, one) => total + pick(one), 0);
  const points = accounts.some((one) => one.points)
    ? {
        written: sum((one) => one.points?.written ?? 0),
        spooled: sum((one) => one.points?.spooled ?? 0),
        dropped: sum((one) => one.points?.dropped ?? 0),
        ...problemOf(accounts),
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

/** What is in the way of the points of all nodes, each problem once. */
function problemOf(accounts: readonly Accounting[]): { readonly problem?: string } {
  const problems = new Set(accounts.flatMap(({ points }) => points?.problem ?? []));
  return problems.size === 0 ? {} : { problem: [...problems].join('; ') };
}

/** How many samples are missing, or undefined when samples are there that nobody emitted (the accounts do not add up). */
export function lostSamples({ emitted, received, stored, kernelDrops }: Accounting): number | undefined {
  if (emitted === null) return received - stored + kernelDrops;
  return emitted < stored ? undefined : emitted - stored;
}

/** How many samples are missing over several nodes: what one has too many does not make up for what another lost. */
export function lostOverall(accounts: readonly Accounting[]): number | undefined {
  let total = 0;
  for (const account of accounts) {
    const lost = lostSamples(account);
    if (lost === undefined) return undefined;
    total += lost;
  }
  return total;
}

/** The exit codes of the `loads` command. CI may rely on them; anything else is a bug. */
export const EXIT = {
  passed: 0,
  /** Iterations failed and the user asked to fail on that (`--fail`). */
  scenarioFailed: 97,
  /** The run cannot be judged: a node or samples were lost, the generator was saturated, a fault touched nothing. */
  invalid: 98,
  thresholdCrossed: 99,
  badConfiguration: 104,
  stopped: 105,
  /** The scenario could not be loaded, or its setup threw. */
  scenarioNotLoaded: 107,
  /** What should run the nodes (Docker, ...) is not available. */
  engineUnavailable: 109,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

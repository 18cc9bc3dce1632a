import { constants } from 'node:os';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

type SignalTarget = Pick<NodeJS.Process, 'on' | 'listenerCount' | 'exit'>;

/**
 * Gives the first process of a container what the kernel withholds from it: that SIGTERM and SIGINT end it, with the
 * exit code that a shell gives (128 + the signal's number). Whoever else listens decides by itself.
 */
export function endOnSignals(target: SignalTarget): void {
  // As it is now: while a scenario runs, `process.exit` throws.
  const exit = target.exit.bind(target);
  for (const signal of SIGNALS) {
    target.on(signal, () => {
      if (target.listenerCount(signal) === 1) exit(128 + constants.signals[signal]);
    });
  }
}

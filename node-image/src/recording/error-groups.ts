import { inspect } from 'node:util';
import type { ErrorGroup } from '@loads/core';

const MOST_GROUPS = 100;
const LONGEST_MESSAGE = 500;

/** Errors of iterations, one of each message with its stack, and how often it came. Bounded: further messages are one group. */
export class ErrorGroups {
  readonly #groups = new Map<string, { group: ErrorGroup; count: number }>();

  add(scenario: string, failure: string, error: unknown): void {
    const { message, stack } = describe(error);
    const known = this.#groups.size < MOST_GROUPS || this.#groups.has(keyOf(scenario, failure, message));
    const shown = known ? message : '(other errors)';
    const key = keyOf(scenario, failure, shown);
    let entry = this.#groups.get(key);
    if (!entry) {
      entry = { group: { scenario, failure, message: shown, count: 0, stack: known ? stack : undefined }, count: 0 };
      this.#groups.set(key, entry);
    }
    entry.count += 1;
  }

  /** The groups, the most frequent first. */
  get all(): readonly ErrorGroup[] {
    return [...this.#groups.values()]
      .map(({ group, count }) => ({ ...group, count }))
      .sort((a, b) => b.count - a.count);
  }
}

function keyOf(...parts: readonly string[]): string {
  return parts.join('\n');
}

/** Whatever was thrown, as text: a scenario may throw anything. */
function describe(error: unknown): { message: string; stack: string | undefined } {
  if (typeof error === 'string') return { message: error.slice(0, LONGEST_MESSAGE), stack: undefined };
  if (!(error instanceof Error)) return { message: inspect(error).slice(0, LONGEST_MESSAGE), stack: undefined };
  return { message: String(error.message || error.name).slice(0, LONGEST_MESSAGE), stack: error.stack };
}

import { inspect } from 'node:util';
import type { ErrorGroup, RequestExample } from '@loads/core';
import type { ConnectionError } from '../connection/connection-error.ts';
import type { RequestSample } from '../http/request-sample.ts';
import { redactText } from './redact.ts';
import { requestExample } from './request-example.ts';

const MOST_GROUPS = 100;
const LONGEST_MESSAGE = 500;
const LONGEST_STACK = 4000;
const MOST_CAUSES = 3;
/** Of an error that stands for several. */
const MOST_PARTS = 10;

/** What is known of an error: its text, and how to show it if it is the first of its kind. */
type Told = {
  readonly message: string;
  readonly stack: string | undefined;
  readonly example: () => RequestExample | undefined;
};

/**
 * Errors of iterations and failed requests, one of each message with its stack and its request, and how often it came.
 * Bounded: further messages are one group.
 */
export class ErrorGroups {
  readonly #groups = new Map<string, { group: ErrorGroup; count: number }>();
  /** Errors of requests and connections that have been counted with them: their scenario may throw them on. */
  readonly #counted = new WeakSet<Error>();

  /** Counts what an iteration or fixture threw; `last` is the last request before it, whose response body is not kept. */
  add(scenario: string, failure: string, error: unknown, last?: RequestSample | undefined): void {
    if (this.#counted.has(error as Error)) return;
    const example = (): RequestExample | undefined => last && requestExample(last, [], { withBodies: false });
    this.#add(scenario, failure, { ...describe(error), example });
  }

  /** Counts what was thrown outside of iterations, an error that has been counted with its request, too: here it has done more. */
  outside(name: string, failure: string, error: unknown): void {
    this.#add(name, failure, { ...describe(error), example: () => undefined });
  }

  /** Counts a failed request, under its name: with its URL, which may be of its own, every error would be another one. */
  request(scenario: string, sample: RequestSample, body: readonly Buffer[]): void {
    const { name, failure, status, error } = sample;
    if (failure === undefined || failure === 'aborted') return;
    if (error) this.#counted.add(error);
    const example = (): RequestExample => requestExample(sample, body, { withBodies: true });
    const message = error ? `${name} failed: ${error.reason}` : `${name} answered ${status}`;
    this.#add(scenario, failure, { message, stack: undefined, example });
  }

  /** Counts a failure on a connection, under its name. False when it has been counted before. */
  connection(scenario: string, name: string, error: ConnectionError): boolean {
    if (this.#counted.has(error)) return false;
    this.#counted.add(error);
    const { stack } = error;
    this.#add(scenario, error.failure, { message: `${name}: ${error.reason}`, stack, example: () => undefined });
    return true;
  }

  /** The groups, the most frequent first. */
  get all(): readonly ErrorGroup[] {
    return [...this.#groups.values()]
      .map(({ group, count }) => ({ ...group, count }))
      .sort((a, b) => b.count - a.count);
  }

  #add(scenario: string, failure: string, { message, stack, example }: Told): void {
    const text = redactText(message.slice(0, LONGEST_MESSAGE));
    const key = keyOf(scenario, failure, text);
    const entry = this.#groups.get(key) ?? this.#other(scenario, failure);
    if (entry) {
      entry.count += 1;
      return;
    }
    const full = this.#groups.size >= MOST_GROUPS;
    const shown = full ? OTHER : text;
    const details = full
      ? { stack: undefined }
      : { stack: stack === undefined ? undefined : redactText(stack.slice(0, LONGEST_STACK)), ...given(example()) };
    this.#groups.set(keyOf(scenario, failure, shown), {
      group: { scenario, failure, message: shown, count: 0, ...details },
      count: 1,
    });
  }

  /** The group of what is beyond the limit, once there is one. */
  #other(scenario: string, failure: string): { count: number } | undefined {
    return this.#groups.size < MOST_GROUPS ? undefined : this.#groups.get(keyOf(scenario, failure, OTHER));
  }
}

const OTHER = '(other errors)';

function given(example: RequestExample | undefined): { readonly example?: RequestExample } {
  return example === undefined ? {} : { example };
}

function keyOf(...parts: readonly string[]): string {
  return parts.join('\n');
}

/** Whatever was thrown, as text: a scenario may throw anything. */
function describe(error: unknown): { message: string; stack: string | undefined } {
  if (typeof error === 'string') return { message: error, stack: undefined };
  if (!(error instanceof Error)) return { message: inspect(error), stack: undefined };
  return { message: String(error.message || error.name), stack: [error.stack, ...causesOf(error)].join('\n') };
}

/** What an error was thrown for, a line and its stack each. */
function causesOf(error: Error, depth = 0): readonly string[] {
  const several: readonly unknown[] = error instanceof AggregateError ? error.errors.slice(0, MOST_PARTS) : [];
  const causes = error.cause === undefined ? several : [error.cause, ...several];
  if (depth >= MOST_CAUSES) return [];
  return causes.flatMap((cause) => {
    const { message, stack } = cause instanceof Error ? cause : { message: inspect(cause), stack: undefined };
    const frames = stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
    const [title = ''] = message.split('\n');
    return [`caused by: ${title}`, ...frames, ...(cause instanceof Error ? causesOf(cause, depth + 1) : [])];
  });
}

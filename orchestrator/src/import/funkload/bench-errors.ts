import type { ErrorGroup } from '@loads/core';
import type { BenchResponse, BenchTest } from './bench-record.ts';
import { methodOf } from './request-names.ts';

const MOST_GROUPS = 200;

/** What failed, one of each kind, with how often, and the page that came back. */
export class BenchErrors {
  readonly #groups = new Map<string, ErrorGroup>();

  /** A request that was not what the test takes for good; `name` is that of its samples. */
  request(response: BenchResponse, name: string, server: string): void {
    const { test, status, path, durationMs, body } = response;
    const url = `${server.replace(/\/$/, '')}${path}`;
    const answer = status === undefined ? {} : { response: { status, headers: {}, ...(body && { body }) } };
    this.#add({
      scenario: test,
      failure: failureOf(response),
      message: `${name}: ${status === undefined ? 'no answer' : `status ${status}`}`,
      count: 1,
      example: { name, method: methodOf(response), url, headers: {}, durationMs, ...answer },
    });
  }

  /** A test that failed, with what Python said. */
  test({ test, traceback }: BenchTest): void {
    const lines = traceback.trim().split('\n');
    const message = lines.at(-1)?.trim() || 'the test failed';
    this.#add({ scenario: test, failure: 'assertion', message, count: 1, ...(traceback && { stack: traceback }) });
  }

  get all(): readonly ErrorGroup[] {
    return [...this.#groups.values()];
  }

  #add(group: ErrorGroup): void {
    const key = JSON.stringify([group.scenario, group.failure, group.message]);
    const known = this.#groups.get(key);
    if (known) this.#groups.set(key, { ...known, count: known.count + 1 });
    else if (this.#groups.size < MOST_GROUPS) this.#groups.set(key, group);
  }
}

/** The class of a failed request. */
export function failureOf({ status }: Pick<BenchResponse, 'status'>): string {
  if (status === undefined) return 'other';
  return status > 399 ? 'status' : 'assertion';
}

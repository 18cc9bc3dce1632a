export type Stats = {
  /** Requests by route, e.g. `GET /items/:id`; what fits no route is `other`. */
  readonly requests: Readonly<Record<string, number>>;
  /** Answers by status; a request whose client went away has none. */
  readonly answers: Readonly<Record<string, number>>;
  /** All requests. */
  readonly total: number;
};

/** The service's own count of its requests, to be compared with what a load test says it sent. */
export class RequestCounts {
  readonly #requests = new Map<string, number>();
  readonly #answers = new Map<number, number>();

  requested(route: string): void {
    this.#requests.set(route, (this.#requests.get(route) ?? 0) + 1);
  }

  answered(status: number): void {
    this.#answers.set(status, (this.#answers.get(status) ?? 0) + 1);
  }

  stats(): Stats {
    return {
      requests: Object.fromEntries(this.#requests),
      answers: Object.fromEntries(this.#answers),
      total: this.#requests.values().reduce((sum, count) => sum + count, 0),
    };
  }

  reset(): void {
    this.#requests.clear();
    this.#answers.clear();
  }
}

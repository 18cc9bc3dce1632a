import type { Exchange } from './exchange.ts';

/** The exchanges of a client that have not ended, as a list that they hold together themselves: most clients have one, and many have none. */
export class UnderWay {
  #first: Exchange | undefined;

  get empty(): boolean {
    return this.#first === undefined;
  }

  get all(): readonly Exchange[] {
    const all: Exchange[] = [];
    for (let one = this.#first; one !== undefined; one = one.next) all.push(one);
    return all;
  }

  add(exchange: Exchange): void {
    const next = this.#first;
    exchange.next = next;
    if (next !== undefined) next.previous = exchange;
    this.#first = exchange;
  }

  delete(exchange: Exchange): void {
    const { next, previous } = exchange;
    if (next !== undefined) next.previous = previous;
    if (previous !== undefined) previous.next = next;
    else if (this.#first === exchange) this.#first = next;
    exchange.next = exchange.previous = undefined;
  }
}

/** At this many bytes or chunks the line is full, and its owner should stop reading. */
const FULL_BYTES = 16 * 1024 * 1024;
const FULL_CHUNKS = 16 * 1024;

type Held = { readonly chunk: Buffer | 'end'; readonly cancel: () => void };

/** Where a line lets its bytes go, and who is to pause while it is full. */
export type HoldLineExit = { chunk(chunk: Buffer): void; end(): void; full(full: boolean): void };

/**
 * A delay line: each chunk, and the end, leaves a fixed time after it came, in order. Since every chunk is timed by
 * itself, latency grows and bandwidth does not shrink.
 */
export class HoldLine {
  readonly #later: (done: () => void) => () => void;
  readonly #exit: HoldLineExit;
  readonly #line: Held[] = [];
  #bytes = 0;

  /** `later` calls `done` after the line's time, and gives the way to call it off. When that time changes, the order stays. */
  constructor(later: (done: () => void) => () => void, exit: HoldLineExit) {
    this.#later = later;
    this.#exit = exit;
  }

  get empty(): boolean {
    return this.#line.length === 0;
  }

  push(chunk: Buffer | 'end'): void {
    // Whichever timer fires lets the head of the line go: those of one length fire in the order in which they were set.
    this.#line.push({ chunk, cancel: this.#later(() => this.#release()) });
    if (chunk !== 'end') this.#bytes += chunk.length;
    this.#steer();
  }

  /** Lets all go at once. */
  flush(): void {
    for (const { cancel } of this.#line) cancel();
    while (this.#line.length > 0) this.#release();
  }

  #release(): void {
    const held = this.#line.shift();
    if (!held) return;
    if (held.chunk === 'end') {
      this.#exit.end();
    } else {
      this.#bytes -= held.chunk.length;
      this.#exit.chunk(held.chunk);
    }
    this.#steer();
  }

  #steer(): void {
    this.#exit.full(this.#bytes >= FULL_BYTES || this.#line.length >= FULL_CHUNKS);
  }
}

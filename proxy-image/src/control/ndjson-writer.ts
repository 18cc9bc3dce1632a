import type { Writable } from 'node:stream';

/** What may wait for a reader that does not read. */
const MOST_WAITING_BYTES = 4 * 1024 * 1024;

/** Writes records as lines of JSON. It never waits: what a slow reader does not take is dropped, counted and told. */
export class NdjsonWriter implements AsyncDisposable {
  readonly #stream: Writable;
  readonly #keepOpen: boolean;
  #dropped = 0;
  #untold = 0;
  #broken = false;

  /** `keepOpen`: the stream is somebody else's, such as stderr. */
  constructor(stream: Writable, { keepOpen }: { readonly keepOpen: boolean }) {
    this.#stream = stream;
    this.#keepOpen = keepOpen;
    // A full disk or a reader that left must not end the proxy; the lines are counted as dropped.
    stream.on('error', () => {
      this.#broken = true;
    });
  }

  /** Lines that could not be written so far. */
  get dropped(): number {
    return this.#dropped;
  }

  write(record: Readonly<Record<string, unknown>>): void {
    if (this.#broken || this.#stream.destroyed || this.#stream.writableLength > MOST_WAITING_BYTES) {
      this.#dropped++;
      this.#untold++;
      return;
    }
    if (this.#untold > 0) this.#stream.write(`${JSON.stringify({ dropped: this.#untold })}\n`);
    this.#untold = 0;
    this.#stream.write(`${JSON.stringify(record)}\n`);
  }

  /** Waits until all is written and closes the stream, where it is its own. */
  async [Symbol.asyncDispose](): Promise<void> {
    // The reader of a stream that is not ours may have stopped reading for ever.
    if (this.#broken || this.#stream.destroyed || this.#keepOpen) return;
    await new Promise<void>((resolve) => {
      this.#stream.once('error', () => resolve());
      this.#stream.end(() => resolve());
    });
  }
}

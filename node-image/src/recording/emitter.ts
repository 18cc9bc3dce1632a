import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseAddress } from '@loads/core';
import { StatsD } from 'hot-shots';
import { datagramsOf } from './datagrams.ts';

/** `send` takes a prepared line; it is public and documented, and missing in the types. */
type RawStatsD = StatsD & { send(line: string, tags: undefined, callback: () => void): void };

/** Lines on their way to the agent: about 20 datagrams, which the smallest default receive buffer holds. */
const WINDOW_LINES = 1500;
const ACK_TIMEOUT_MS = 2000;

/** Waits until the agent has received so many lines in all, at most `timeoutMs`; gives how many it has. */
export type AwaitReceived = (lines: number, timeoutMs: number) => Promise<number>;

/**
 * Sends statsd to the agent, never more ahead of it than the kernel's buffer holds: UDP on the loopback loses nothing
 * but what arrives at a full buffer. When no acknowledgement comes it sends on; the accounts will show what was lost.
 */
export class Emitter implements AsyncDisposable {
  readonly #client: RawStatsD;
  readonly #received: AwaitReceived;
  #sentLines = 0;
  /** Lines that nobody waits for any more. */
  #givenUp = 0;
  #samples = 0;
  #sending: Promise<void> = Promise.resolve();

  constructor(address: string, received: AwaitReceived) {
    const { host, port } = parseAddress(address) ?? { host: '127.0.0.1', port: 8125 };
    this.#client = new StatsD({
      host,
      port,
      cacheDns: true,
      // One send is one datagram: they are packed here.
      maxBufferSize: 0,
      // The environment of a user must not turn on DogStatsD's own fields, nor its detection of the origin.
      datadog: false,
      includeDataDogTags: false,
      // What does not arrive shows in the accounts.
      errorHandler: () => undefined,
    }) as RawStatsD;
    this.#received = received;
  }

  /** Samples that the lines sent so far stand for. */
  get samples(): number {
    return this.#samples;
  }

  /** Sends lines that stand for `samples` samples, after those of earlier calls. */
  send(lines: Iterable<string>, samples: number): Promise<void> {
    this.#samples += samples;
    this.#sending = this.#sending.then(() => this.#sendAll(lines));
    return this.#sending;
  }

  /** Waits until the agent has received everything; false when it did not in time. */
  async drained(): Promise<boolean> {
    await this.#sending;
    return this.#arrived(this.#sentLines);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.#client.close(() => resolve()));
  }

  async #sendAll(lines: Iterable<string>): Promise<void> {
    for (const datagram of datagramsOf(lines)) {
      await this.#arrived(this.#sentLines + datagram.length - WINDOW_LINES);
      await new Promise<void>((resolve) => this.#client.send(datagram.join('\n'), undefined, () => resolve()));
      this.#sentLines += datagram.length;
      // A datagram in a turn of the event loop: those of a whole second would hold up what is due meanwhile.
      await nextTurn();
    }
  }

  /** Waits until so many of the lines sent have arrived. What has not in time is given up, or each datagram would wait for it again. */
  async #arrived(lines: number): Promise<boolean> {
    const wanted = lines - this.#givenUp;
    if (wanted <= 0) return true;
    const received = await this.#received(wanted, ACK_TIMEOUT_MS);
    const missing = Math.max(0, this.#sentLines - received);
    const inTime = received >= wanted;
    // What was only late need not be given up for ever.
    this.#givenUp = inTime ? Math.min(this.#givenUp, missing) : missing;
    return inTime;
  }
}

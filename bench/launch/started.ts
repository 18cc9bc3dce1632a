import type Docker from 'dockerode';

/** Counts the containers that start with a label, by the engine's own events. */
export class Started implements Disposable {
  readonly #stream: NodeJS.ReadableStream & { destroy?(): void };
  readonly #waiting: { readonly count: number; readonly resolve: (atMs: number) => void }[] = [];
  #count = 0;

  private constructor(stream: NodeJS.ReadableStream) {
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => {
      for (const line of chunk.toString().split('\n')) if (line.includes('"Action":"start"')) this.#note();
    });
  }

  static async watch(docker: Docker, label: string): Promise<Started> {
    const filters = { type: ['container'], event: ['start'], label: [label] };
    return new Started(await docker.getEvents({ filters: JSON.stringify(filters) }));
  }

  /** Resolves with the instant (`performance.now()`) when so many have started. */
  async all(count: number): Promise<number> {
    if (this.#count >= count) return performance.now();
    return await new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }

  [Symbol.dispose](): void {
    this.#stream.destroy?.();
  }

  #note(): void {
    this.#count += 1;
    for (const { count, resolve } of this.#waiting) if (this.#count === count) resolve(performance.now());
  }
}

import type Docker from 'dockerode';

/** Counts the containers that start with a label, and sees when the first of them is created, by the engine's own events. */
export class Started implements Disposable {
  readonly #stream: NodeJS.ReadableStream & { destroy?(): void };
  readonly #waiting: { readonly count: number; readonly resolve: (atMs: number) => void }[] = [];
  #count = 0;
  #createdAtMs: number | undefined;

  private constructor(stream: NodeJS.ReadableStream) {
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => {
      for (const line of chunk.toString().split('\n')) {
        if (line.includes('"Action":"create"')) this.#createdAtMs ??= performance.now();
        if (line.includes('"Action":"start"')) this.#note();
      }
    });
  }

  static async watch(docker: Docker, label: string): Promise<Started> {
    const filters = { type: ['container'], event: ['create', 'start'], label: [label] };
    return new Started(await docker.getEvents({ filters: JSON.stringify(filters) }));
  }

  /** Resolves with the instant (`performance.now()`) when so many have started. */
  async all(count: number): Promise<number> {
    if (this.#count >= count) return performance.now();
    return await new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }

  /** When the first one was created (`performance.now()`). */
  get createdAtMs(): number | undefined {
    return this.#createdAtMs;
  }

  [Symbol.dispose](): void {
    this.#stream.destroy?.();
  }

  #note(): void {
    this.#count += 1;
    for (const { count, resolve } of this.#waiting) if (this.#count === count) resolve(performance.now());
  }
}

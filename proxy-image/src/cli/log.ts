import type { LogLevel } from '../config/process-schema.ts';
import type { NdjsonWriter } from '../control/ndjson-writer.ts';

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warning', 'error', 'critical'];

/** The log of the process: lines of JSON with `time`, `level` and `message`. */
export class Log {
  readonly #writer: NdjsonWriter;
  readonly #level: LogLevel;
  readonly #now: () => number;

  constructor(writer: NdjsonWriter, level: LogLevel, now: () => number) {
    this.#writer = writer;
    this.#level = level;
    this.#now = now;
  }

  write(level: LogLevel, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(this.#level)) return;
    this.#writer.write({ time: new Date(this.#now()).toISOString(), level, message, ...fields });
  }
}

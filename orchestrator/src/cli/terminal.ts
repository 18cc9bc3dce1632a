import { LoadsError, type RunPlan, type Summary } from '@loads/core';
import { jsonDisplay, type LiveDisplay, lineDisplay, screenDisplay, silentDisplay } from '../console/live-display.ts';
import { type Paint, painter } from '../console/paint.ts';
import { summaryText } from '../console/summary-text.ts';

export type TerminalOptions = {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
};

/** What the command writes: results to stdout, all else to stderr. */
export class Terminal {
  readonly #options: TerminalOptions;
  readonly #out: NodeJS.WriteStream;
  readonly #err: NodeJS.WriteStream;
  readonly #paint: Paint;

  constructor(options: TerminalOptions, out: NodeJS.WriteStream, err: NodeJS.WriteStream, env: NodeJS.ProcessEnv) {
    this.#options = options;
    this.#out = out;
    this.#err = err;
    const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0';
    const wanted = options.color && (env.NO_COLOR ?? '') === '' && !options.json;
    this.#paint = painter(wanted && (out.isTTY || forced));
    // A reader such as `head` may leave: the run and its verdict do not depend on it.
    out.on('error', () => undefined);
  }

  /** The display that fits: a screen on a terminal, lines elsewhere, JSON for programs, nothing when quiet. */
  display(plan: RunPlan): LiveDisplay {
    if (this.#options.quiet) return silentDisplay;
    if (this.#options.json) return jsonDisplay(this.#out);
    return this.#out.isTTY ? screenDisplay(plan, this.#out, this.#paint) : lineDisplay(plan, this.#out);
  }

  /** Something that the user may want to know while the run goes on. */
  notice(text: string): void {
    if (this.#options.json || this.#options.quiet) this.#err.write(`${text}\n`);
    else this.#out.write(`${text}\n`);
  }

  detail(text: string): void {
    if (this.#options.verbose) this.#err.write(`${this.#paint.faint(text)}\n`);
  }

  /** The end of a run, and where its files are. */
  summary(summary: Summary, folder: string): void {
    if (this.#options.json) this.#out.write(`${JSON.stringify({ type: 'summary', folder, summary })}\n`);
    else this.#out.write(`\n${summaryText(summary, this.#paint)}\n  ${folder}\n`);
    if (!this.#options.verbose) return;
    for (const { scenario, message, stack } of summary.errors) this.detail(`${scenario}: ${stack ?? message}`);
  }

  line(text: string): void {
    this.#out.write(`${text}\n`);
  }

  /** An error: what is wrong and how to mend it; the stack only with `-v`. */
  error(error: unknown): void {
    const known = error instanceof LoadsError;
    const message = error instanceof Error ? error.message : String(error);
    if (this.#options.json) {
      const { code, hint } = known ? error : { code: 'ERR_BUG', hint: undefined };
      this.#out.write(`${JSON.stringify({ type: 'error', code, message, hint })}\n`);
    }
    this.#err.write(`${this.#paint.bad('error:')} ${message}\n`);
    if (known && error.hint !== undefined) this.#err.write(`  ${error.hint}\n`);
    const stack = error instanceof Error ? stackOf(error) : undefined;
    if (this.#options.verbose && stack !== undefined) this.#err.write(`${this.#paint.faint(stack)}\n`);
    else if (!known) this.#err.write('  this is a bug in loads; run it with -v to see where\n');
  }
}

function stackOf(error: Error): string | undefined {
  return error.cause instanceof Error ? (error.cause.stack ?? error.stack) : error.stack;
}

import { LoadsError, type RunPlan, type Summary } from '@loads/core';
import { fitLine } from '../console/format.ts';
import { type LaunchDisplay, lineLaunch, screenLaunch, silentLaunch } from '../console/launch-display.ts';
import { jsonDisplay, type LiveDisplay, lineDisplay, screenDisplay, silentDisplay } from '../console/live-display.ts';
import { type Paint, painter } from '../console/paint.ts';
import { type RunIntroduction, runHeader } from '../console/run-header.ts';
import { summaryText } from '../console/summary-text.ts';
import { summaryJson } from '../store/summary-json.ts';
import { guardScreen } from './screen-guard.ts';

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
  readonly #paintError: Paint;
  /** Whether lines can be drawn again. */
  readonly #screen: boolean;

  constructor(options: TerminalOptions, out: NodeJS.WriteStream, err: NodeJS.WriteStream, env: NodeJS.ProcessEnv) {
    this.#options = options;
    this.#out = out;
    this.#err = err;
    const dumb = env.TERM === 'dumb';
    const forced = env.FORCE_COLOR !== undefined && !['0', 'false'].includes(env.FORCE_COLOR);
    const wanted = options.color && (env.NO_COLOR ?? '') === '' && !options.json;
    this.#paint = painter(wanted && ((out.isTTY && !dumb) || forced));
    this.#paintError = painter(wanted && ((err.isTTY && !dumb) || forced));
    this.#screen = out.isTTY && !dumb;
    // A reader such as `head` may leave: the run and its verdict do not depend on it.
    for (const stream of [out, err]) stream.on('error', () => undefined);
  }

  /** What is going to run. */
  introduce(introduction: RunIntroduction): void {
    if (this.#options.json || this.#options.quiet) return;
    const lines = runHeader(introduction, this.#paint).map((line) => fitLine(line, this.columns));
    this.#out.write(`\n${lines.join('\n')}\n`);
  }

  /** The display that fits: a screen on a terminal, lines elsewhere, JSON for programs, nothing when quiet. */
  display(plan: RunPlan): LiveDisplay {
    if (this.#options.quiet) return silentDisplay(this.#err);
    if (this.#options.json) return jsonDisplay(this.#out, this.#err);
    if (!this.#screen) return lineDisplay(plan, this.#out);
    const screen = screenDisplay(plan, this.#out, this.#paint);
    const release = guardScreen(() => screen.close());
    return {
      ...screen,
      close() {
        screen.close();
        release();
      },
    };
  }

  /** Shows how the nodes of a run are launched. */
  launchDisplay(nodes: number): LaunchDisplay {
    if (this.#options.quiet || this.#options.json) return silentLaunch(this.#err);
    return this.#screen ? screenLaunch(nodes, this.#out) : lineLaunch(nodes, this.#out);
  }

  /** Something that the user should know of, and that does not change what comes of it. */
  warn(text: string): void {
    this.#err.write(`${this.#paintError.warn('warning:')} ${text}\n`);
  }

  /** A step on the way to what a command finds: a line, or one of JSON; nothing when quiet. */
  step(text: string, json: Readonly<Record<string, unknown>>): void {
    if (!this.#options.quiet) this.result([text], json);
  }

  /** What is going on before there is anything else to show. */
  note(text: string): void {
    if (!this.#options.quiet && !this.#options.json) this.#err.write(`${this.#paintError.faint(text)}\n`);
  }

  /** What a command found or did: as text, or as one JSON line. */
  result(text: readonly string[], json: Readonly<Record<string, unknown>>): void {
    this.#out.write(this.#options.json ? `${JSON.stringify(json)}\n` : `${text.join('\n')}\n`);
  }

  /** A document, as it is. */
  raw(text: string): void {
    this.#out.write(text);
  }

  /** What words of a text may be painted with, as this terminal shows colours. */
  get paint(): Paint {
    return this.#paint;
  }

  detail(text: string): void {
    if (this.#options.verbose) this.#err.write(`${this.#paintError.faint(text)}\n`);
  }

  /** The end of a run, where its files are, and the link to its dashboard if it has one. */
  summary(summary: Summary, folder: string, dashboard?: string | undefined): void {
    if (this.#options.json) {
      const places = JSON.stringify({ folder, dashboard }).slice(1, -1);
      this.#out.write(`{"type":"summary",${places},"summary":${summaryJson(summary)}}\n`);
    } else {
      const places = [folder, ...(dashboard === undefined ? [] : [dashboard])].map((place) => `  ${place}\n`);
      this.#out.write(
        `\n${summaryText(summary, this.#paint, this.columns, this.#options.verbose)}\n${places.join('')}`,
      );
    }
  }

  /** What `loads check` found: that the file is valid, and what it would run. */
  valid(file: string, { plan, scenarios }: RunIntroduction, run?: string | undefined): void {
    if (this.#options.json) {
      const { name, nodes, workers, durationMs } = plan;
      this.#out.write(`${JSON.stringify({ type: 'valid', file, name, scenarios, nodes, workers, durationMs })}\n`);
      return;
    }
    this.#out.write(`${file}${run === undefined ? '' : `, run ${run},`} is ${this.#paint.good('valid')}\n`);
    this.introduce({ plan, scenarios });
  }

  /** An error: what is wrong and how to mend it; the stack only with `-v`. */
  error(error: unknown): void {
    const known = error instanceof LoadsError;
    const message = error instanceof Error ? error.message : String(error);
    const { code, hint } = known ? error : { code: 'ERR_BUG', hint: undefined };
    if (this.#options.json) this.#out.write(`${JSON.stringify({ type: 'error', code, message, hint })}\n`);
    const title = this.#paintError.bad('error:');
    // Every problem of a configuration is an error by itself, on a line of its own.
    const lines = code === 'ERR_CONFIG' ? message.split('\n') : [message];
    for (const line of lines) this.#err.write(`${title} ${line}\n`);
    if (hint !== undefined) this.#err.write(`  ${hint}\n`);
    const stack = error instanceof Error ? stackOf(error) : undefined;
    if (this.#options.verbose && stack !== undefined) this.#err.write(`${this.#paintError.faint(stack)}\n`);
    else if (!known) this.#err.write('  this is a bug in loads; run it with -v to see where\n');
  }

  /** What fits on a line; lines of a file or a pipe have no end. */
  get columns(): number {
    return this.#out.isTTY ? this.#out.columns : Number.POSITIVE_INFINITY;
  }
}

/** What is wrong in a configuration, or in a scenario that threw nothing, is nowhere in the code. */
function stackOf(error: Error): string | undefined {
  if (error instanceof LoadsError) {
    if (error.code === 'ERR_CONFIG') return undefined;
    if (error.code === 'ERR_SCENARIO_LOAD' && error.cause === undefined) return undefined;
  }
  return error.cause instanceof Error ? (error.cause.stack ?? error.stack) : error.stack;
}

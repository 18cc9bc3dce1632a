import { type ErrorGroup, requestLines } from '@loads/core';
import { formatCount, oneLine } from './format.ts';
import type { Paint } from './paint.ts';

/** How much of the errors is shown, unless all of it is asked for. */
const BRIEF = { groups: 5, examples: 3, sent: 8, received: 12, frames: 4 };
const INDENT = '    ';
const CAUSE = 'caused by: ';

/**
 * The errors of a run, each with one example: its request with what came back, and where it was thrown. Long ones are cut
 * unless `full`.
 */
export function errorLines(errors: readonly ErrorGroup[], paint: Paint, full: boolean): readonly string[] {
  const shown = full ? errors : errors.slice(0, BRIEF.groups);
  const lines = shown.flatMap((error, i) => {
    const { count, scenario, message } = error;
    const title = `${formatCount(count)} × ${oneLine(scenario)}: ${oneLine(message, full ? 500 : 200)}`;
    const details = full || i < BRIEF.examples ? exampleLines(error, full) : [];
    return [title, ...details.map((line) => paint.faint(`${INDENT}${line}`))];
  });
  const left = errors.length - shown.length;
  return left > 0 ? [...lines, paint.faint(`and ${left} more in summary.json, or with -v`)] : lines;
}

function exampleLines({ message, stack, example }: ErrorGroup, full: boolean): readonly string[] {
  const request = example ? requestLines(example) : [];
  const frames = (stack ?? '')
    // What stands before the frames is the message once more.
    .split('\n')
    .filter((line) => /^\s+at |^caused by: /.test(line))
    .map((line) => oneLine(line, 300));
  const causes = frames.filter((line) => line.startsWith(CAUSE));
  // Of a cause its line is enough: where it was thrown is for who asks for all.
  const first = frames.slice(0, causes[0] === undefined ? undefined : frames.indexOf(causes[0]));
  const own = first.filter((frame) => !/\(?node:|[/\\]node_modules[/\\]/.test(frame));
  if (!full) {
    const sent = request.filter((line) => line.startsWith('>'));
    const received = request.filter((line) => line.startsWith('<'));
    return [...cut(sent, BRIEF.sent), ...cut(received, BRIEF.received), ...own.slice(0, BRIEF.frames), ...causes];
  }
  const [, ...more] = message.split('\n');
  return [...more.map((line) => oneLine(line, 300)), ...request, ...frames];
}

function cut(lines: readonly string[], most: number): readonly string[] {
  const left = lines.length - most;
  return left > 1 ? [...lines.slice(0, most), `${lines[0]?.[0]} ... ${left} more lines`] : lines;
}

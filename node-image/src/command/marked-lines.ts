import type { Readable } from 'node:stream';

/** A line without an end in sight is cut here, characters. */
const LONGEST_LINE = 16 * 1024;

/**
 * Copies a stream line by line, each with a mark before it, so that lines of several programs can share a file: whole
 * lines only, and the last one also where it has no end. Resolves when the stream has ended.
 */
export async function markLines(stream: Readable, mark: string, write: (text: string) => unknown): Promise<void> {
  let rest = '';
  stream.setEncoding('utf8');
  try {
    for await (const chunk of stream as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > LONGEST_LINE) {
        lines.push(rest);
        rest = '';
      }
      if (lines.length > 0) write(lines.map((line) => `${mark}${line}\n`).join(''));
    }
  } catch {
    // A pipe whose other end was killed: what came of it is here.
  }
  if (rest !== '') write(`${mark}${rest}\n`);
}

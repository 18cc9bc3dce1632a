import { EngineTrace, type Side } from './engine-trace.test.support.ts';
import type { CodecFactory } from './exchange/codec.ts';

/** Bytes of one side, which come as one or in pieces. */
export type Turn = readonly [Side, ...(readonly (string | Buffer)[])];

/** What a codec finds in bytes that come in pieces of these sizes, taken in turn. */
export function traced(newCodec: CodecFactory, turns: readonly Turn[], sizes: readonly number[]): EngineTrace {
  const trace = new EngineTrace(newCodec({ backendName: 'backend:1' }));
  for (const [side, ...parts] of turns) {
    const bytes = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
    for (const piece of pieces(bytes, sizes)) trace[side](piece);
  }
  return trace;
}

/** The operations that were found, with `!` where it is not judged and `~` where it is not answered; then `opaque`, if so. */
export function operationsIn({ requests, events }: EngineTrace): string[] {
  const operations = requests.map(
    ({ operation, answered, judged }) => `${operation}${answered ? '' : '~'}${judged ? '' : '!'}`,
  );
  return events.includes('client opaque') ? [...operations, 'opaque'] : operations;
}

/** What the backend said, in pieces, each after the operation that it answers, or `unasked`; then `opaque`, if so. */
export function answersIn({ events }: EngineTrace, turns: readonly Turn[]): string[] {
  const text = turns.flatMap(([side, ...parts]) => (side === 'backend' ? parts : [])).join('');
  let begin = 0;
  return events.flatMap((event) => {
    const [side, kind = '', end, operation] = event.split(' ');
    if (side !== 'backend') return [];
    if (kind === 'opaque') return kind;
    const piece = text.slice(begin, Number(end));
    begin = Number(end);
    return `${operation ?? kind} ${piece}`;
  });
}

function* pieces(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const end = at + Math.max(sizes[turn % sizes.length] ?? bytes.length, 1);
    yield bytes.subarray(at, end);
    at = end;
  }
}

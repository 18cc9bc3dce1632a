import { Buffer } from 'node:buffer';
import { HeadCache } from './head-cache.ts';
import { ProtocolError } from './protocol-error.ts';
import { DEFAULT_LIMITS, type ResponseLimits } from './response-limits.ts';
import { ResponseParser } from './response-parser.ts';

/** What came of some bytes. `rest` is how many of them did not belong to the response. */
export type Parsed =
  | {
      readonly kind: 'complete';
      readonly status: number;
      readonly fields: readonly string[];
      readonly body: string;
      readonly rest: number;
      readonly persistent: boolean;
    }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'malformed'; readonly code: string };

/** Reads one response to a request of `method` that comes in these pieces, with a FIN behind them. */
export function parsePieces(
  method: string,
  pieces: readonly Buffer[],
  limits: ResponseLimits = DEFAULT_LIMITS,
  parser?: (sink: ConstructorParameters<typeof ResponseParser>[2]) => ResponseParser,
): Parsed {
  const chunks: Buffer[] = [];
  const sink = { onHead: () => undefined, onBody: (chunk: Buffer) => chunks.push(chunk) };
  const read = parser?.(sink) ?? new ResponseParser(limits, new HeadCache(limits.maxHeaders), sink);
  read.begin(method);
  let rest = 0;
  // As on a connection: all pieces come in the same buffer, which the next one overwrites.
  const shared = Buffer.alloc(Math.max(1, ...pieces.map((piece) => piece.length)));
  try {
    for (const piece of pieces) {
      if (read.done) {
        rest += piece.length;
        continue;
      }
      shared.fill(0xee);
      piece.copy(shared);
      rest += piece.length - read.execute(shared, piece.length);
    }
  } catch (error) {
    if (error instanceof ProtocolError) return { kind: 'malformed', code: error.code };
    throw error;
  }
  if (!read.finish() || read.head === undefined) return { kind: 'incomplete' };
  const { status, fields, persistent } = read.head;
  return { kind: 'complete', status, fields, body: Buffer.concat(chunks).toString('latin1'), rest, persistent };
}

/** The same bytes, cut at these places. */
export function cutAt(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const cuts = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return cuts.slice(1).map((end, i) => bytes.subarray(cuts[i] ?? 0, end));
}

import { metaCommand } from './meta-command.ts';
import type { TextAnswer } from './text-answer.ts';

export type TextCommand = {
  /** Its name; `unknown` for what is none, and so may be data. */
  readonly operation: string;
  /** The bytes of its data block with its end, 0 without one. */
  readonly dataBytes: number;
  /** Not after `noreply`, nor when it is quiet. */
  readonly answered: boolean;
  readonly judged: boolean;
  /** Some answers are told, others not. */
  readonly quiet: boolean;
  readonly answer: TextAnswer;
};

const STORAGE: ReadonlySet<string> = new Set(['set', 'add', 'replace', 'append', 'prepend', 'cas']);
const RETRIEVAL: ReadonlySet<string> = new Set(['get', 'gets', 'gat', 'gats']);
/** Each with the number of words after which `noreply` may stand; 0 where it has no meaning. */
const OTHERS: ReadonlyMap<string, number> = new Map([
  ['cache_memlimit', 2],
  ['decr', 3],
  ['delete', 2],
  ['extstore', 0],
  ['flush_all', 1],
  ['incr', 3],
  ['lru', 0],
  ['lru_crawler', 0],
  ['quit', 0],
  ['refresh_certs', 0],
  ['shutdown', 0],
  ['slabs', 0],
  ['stats', 0],
  ['touch', 3],
  ['verbosity', 1],
  ['version', 0],
]);

const LONGEST_KEY = 250;
const MOST_DATA_BYTES = 2 ** 31 - 3;
const FLAGS = /^\+?\d{1,20}$/;
const EXPTIME = /^[+-]?\d{1,20}$/;
const BYTES = /^\+?\d{1,10}$/;

const LINE: TextAnswer = { shape: 'line', codes: new Set(), mark: undefined };
const VALUES: TextAnswer = { ...LINE, shape: 'values' };
const LINES: TextAnswer = { ...LINE, shape: 'lines' };

/** Whether a line that begins with this word is of keys to get, however many. */
export function isRetrieval(name: string): boolean {
  return RETRIEVAL.has(name);
}

/** What a line asks for. Undefined when nothing that follows it on this connection could be understood. */
export function textCommand(line: string): TextCommand | undefined {
  const words = line.split(' ').filter((word) => word !== '');
  const [name = ''] = words;
  if (name === 'watch') return undefined;
  if (RETRIEVAL.has(name)) return command(name, { answer: VALUES });
  if (STORAGE.has(name)) return storage(name, words);
  const meta = metaCommand(words);
  if (meta) {
    const data = name === 'ms' ? dataBytes(words[1], words[2]) : 0;
    return command(name, { dataBytes: data, answered: !meta.quiet, ...meta });
  }
  const before = OTHERS.get(name);
  if (before === undefined) return command('unknown', {});
  if (name === 'quit') return command(name, { answered: false, judged: false });
  const answer = name === 'stats' || name === 'lru_crawler' ? LINES : LINE;
  return command(name, { answered: before === 0 || !endsInNoreply(words, before), answer });
}

function storage(name: string, words: readonly string[]): TextCommand {
  const wanted = name === 'cas' ? 6 : 5;
  const [, key, flags = '', exptime = '', bytes] = words;
  // The server refuses such a line, and takes what follows it for commands.
  const refused = words.length < wanted || words.length > wanted + 1 || !FLAGS.test(flags) || !EXPTIME.test(exptime);
  const data = refused ? 0 : dataBytes(key, bytes);
  return command(name, { dataBytes: data, answered: !endsInNoreply(words, wanted) });
}

/** The bytes of a data block, with the line end after it; 0 when the server reads none after such a line. */
function dataBytes(key: string | undefined, bytes: string | undefined): number {
  if (key === undefined || key.length > LONGEST_KEY || bytes === undefined || !BYTES.test(bytes)) return 0;
  return Number(bytes) > MOST_DATA_BYTES ? 0 : Number(bytes) + 2;
}

function endsInNoreply(words: readonly string[], before: number): boolean {
  return words.length > before && words.at(-1) === 'noreply';
}

function command(operation: string, known: Partial<TextCommand>): TextCommand {
  return { operation, dataBytes: 0, answered: true, judged: true, quiet: false, answer: LINE, ...known };
}

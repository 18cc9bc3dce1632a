import type { CommandHead } from './command-reader.ts';

/** What a command is, as far as its name tells. */
export type Command = {
  /** In upper case, with its subcommand: `GET`, `CONFIG SET`. */
  readonly operation: string;
  /** How many words it has. */
  readonly count: number;
};

/** Their second word says what they do. */
const CONTAINERS: ReadonlySet<string> = new Set([
  'ACL',
  'CLIENT',
  'CLUSTER',
  'COMMAND',
  'CONFIG',
  'DEBUG',
  'FUNCTION',
  'LATENCY',
  'MEMORY',
  'MODULE',
  'OBJECT',
  'PUBSUB',
  'SCRIPT',
  'SENTINEL',
  'SLOWLOG',
  'XGROUP',
  'XINFO',
]);

/** Of the connection, not of the application; MULTI and DISCARD too, since an error would leave it open who is in a transaction. */
const UNJUDGED: ReadonlySet<string> = new Set([
  'ASKING',
  'AUTH',
  'CLIENT CACHING',
  'CLIENT CAPA',
  'CLIENT GETNAME',
  'CLIENT GETREDIR',
  'CLIENT ID',
  'CLIENT INFO',
  'CLIENT MAINT_NOTIFICATIONS',
  'CLIENT NO-EVICT',
  'CLIENT NO-TOUCH',
  'CLIENT REPLY',
  'CLIENT SETINFO',
  'CLIENT SETNAME',
  'CLIENT TRACKING',
  'CLIENT TRACKINGINFO',
  'DISCARD',
  'EMPTY',
  'HELLO',
  'MULTI',
  'QUIT',
  'READONLY',
  'READWRITE',
  'REPLCONF',
  'RESET',
  'SELECT',
]);

/** After these the server streams, or is silent, as no reader of replies can follow. */
const UNREADABLE: ReadonlySet<string> = new Set(['MONITOR', 'PSYNC', 'SYNC']);

const NAME = /^[A-Z][A-Z0-9._-]*$/;
const SUBCOMMAND = /^[A-Z][A-Z_-]*$/;

/** How many of its first words are needed to know what a command is. */
export function wordsWanted([name = '', subcommand]: readonly string[]): number {
  if (!CONTAINERS.has(name.toUpperCase())) return 1;
  return name.toUpperCase() === 'CLIENT' && subcommand?.toUpperCase() === 'REPLY' ? 3 : 2;
}

/** Names a command; undefined when nothing that follows it on this connection could be understood. */
export function readCommand({ words, count }: CommandHead): Command | undefined {
  const operation = operationOf(words);
  if (UNREADABLE.has(operation)) return undefined;
  if (operation === 'CLIENT REPLY' && words[2]?.toUpperCase() !== 'ON') return undefined;
  return { operation, count };
}

/** Judged, and yet they leave something behind on the connection. */
const STICKY: ReadonlySet<string> = new Set(['PSUBSCRIBE', 'SSUBSCRIBE', 'SUBSCRIBE', 'WATCH']);

/** Whether a command may change what the connection is to whoever uses it next. */
export function isSticky({ operation }: Command): boolean {
  return STICKY.has(operation) || operation.startsWith('CLIENT');
}

/** Whether a command is a request of the application, so that a fault may hit it. */
export function isJudged({ operation }: Command): boolean {
  return !UNJUDGED.has(operation);
}

/** `EMPTY` for nothing at all, `UNKNOWN` for what cannot be a command's name, and so may be data. */
function operationOf(words: readonly string[]): string {
  const [name = '', subcommand = ''] = words.map((word) => word.toUpperCase());
  if (words.length === 0) return 'EMPTY';
  if (!NAME.test(name)) return 'UNKNOWN';
  return CONTAINERS.has(name) && SUBCOMMAND.test(subcommand) ? `${name} ${subcommand}` : name;
}

import type { NativeError } from '../exchange/codec.ts';

/** What the server says with its own error codes. */
const TEXTS: ReadonlyMap<string, string> = new Map([
  ['BUSY', 'Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.'],
  ['CLUSTERDOWN', 'The cluster is down'],
  ['EXECABORT', 'Transaction discarded because of previous errors.'],
  ['LOADING', 'Redis is loading the dataset in memory'],
  ['MASTERDOWN', "Link with MASTER is down and replica-serve-stale-data is set to 'no'."],
  [
    'MISCONF',
    'Redis is configured to save RDB snapshots, but it is currently unable to persist to disk. Commands that may ' +
      'modify the data set are disabled.',
  ],
  ['NOAUTH', 'Authentication required.'],
  ['NOPERM', 'this user has no permissions to run this command'],
  ['NOREPLICAS', 'Not enough good replicas to write.'],
  ['NOSCRIPT', 'No matching script. Please use EVAL.'],
  ['OOM', "command not allowed when used memory > 'maxmemory'."],
  ['READONLY', "You can't write against a read only replica."],
  ['TRYAGAIN', 'Multiple keys request during rehashing of slot'],
  ['WRONGTYPE', 'Operation against a key holding the wrong kind of value'],
]);

const CODE = /^[A-Z][A-Z0-9_]{0,31}$/;

/** The server's answer to EXEC after a command of the transaction has failed. */
export const DISCARDED: Buffer = Buffer.from(`-EXECABORT ${TEXTS.get('EXECABORT')}\r\n`);

/** What is wrong with an error code, or undefined: any upper-case word may be one. */
export function checkCode(code: string | number): string | undefined {
  if (typeof code === 'string' && CODE.test(code)) return undefined;
  return `expected an upper-case word such as ERR, LOADING or OOM, got ${JSON.stringify(code)}`;
}

/** A simple error: `-CODE text`. */
export function nativeError(error: NativeError): Buffer {
  return Buffer.from(`-${errorLine(error)}\r\n`);
}

/** How EXEC is refused: with a code of its own, which says that the transaction has ended. */
export function execError(error: NativeError): Buffer {
  const line = errorLine(error);
  return Buffer.from(
    line.startsWith('EXECABORT ') ? `-${line}\r\n` : `-EXECABORT Transaction discarded because of: ${line}\r\n`,
  );
}

function errorLine({ code, message, id }: NativeError): string {
  const word = code !== undefined && checkCode(code) === undefined ? String(code) : 'ERR';
  const known = TEXTS.get(word);
  const text = message ?? (known ? `${known} (vaurien fault {id})` : 'injected by vaurien {id}');
  return `${word} ${text.replaceAll('{id}', () => id)}`.replaceAll(/[\r\n]+/g, ' ');
}

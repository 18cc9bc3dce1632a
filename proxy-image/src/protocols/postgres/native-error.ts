import type { NativeError } from '../exchange/codec.ts';
import { errorResponse } from './messages.ts';

const DEFAULT_CODE = '57014';

/** What a server says with each code (PostgreSQL documentation, Appendix A, and the server's own texts). */
const TEXTS: ReadonlyMap<string, string> = new Map([
  ['08006', 'connection failure'],
  ['25006', 'cannot execute statement in a read-only transaction'],
  ['40001', 'could not serialize access due to concurrent update'],
  ['40P01', 'deadlock detected'],
  ['53100', 'could not extend file: No space left on device'],
  ['53200', 'out of memory'],
  ['53300', 'sorry, too many clients already'],
  ['55P03', 'canceling statement due to lock timeout'],
  ['57014', 'canceling statement due to statement timeout'],
  ['57P01', 'terminating connection due to administrator command'],
  ['57P02', 'terminating connection because of crash of another server process'],
  ['57P03', 'the database system is not yet accepting connections'],
  ['57P05', 'terminating connection due to idle-session timeout'],
  ['XX000', 'internal error'],
]);

/** An ErrorResponse, and whether the server ends the connection with it. */
export function nativeError({ id, code, message }: NativeError): { readonly bytes: Buffer; readonly fatal: boolean } {
  const state = sqlState(code ?? DEFAULT_CODE);
  const text = message?.replaceAll('{id}', id) ?? `${TEXTS.get(state) ?? 'injected error'} (fault ${id})`;
  const fatal = isFatal(state);
  const detail = text.includes(id) ? undefined : `fault ${id}`;
  return { bytes: errorResponse({ severity: fatal ? 'FATAL' : 'ERROR', code: state, message: text, detail }), fatal };
}

/** Tells what is wrong with a code that a user chose; undefined when nothing is. */
export function checkPostgresCode(code: string | number): string | undefined {
  const state = sqlState(code);
  if (!/^[0-9A-Z]{5}$/.test(state)) return 'a PostgreSQL error code is an SQLSTATE of five digits and capital letters';
  if (/^0[0-2]/.test(state)) return `SQLSTATE ${state} is no error`;
  return undefined;
}

/** A number has lost its leading zeros. */
function sqlState(code: string | number): string {
  return typeof code === 'number' ? String(code).padStart(5, '0') : code;
}

/** The server sends the codes of these classes, and that of a transaction idle for too long, when it ends a session. */
function isFatal(state: string): boolean {
  return /^(?:08|28|57P)/.test(state) || state === '25P03';
}

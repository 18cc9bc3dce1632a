import type { NativeError } from '../exchange/codec.ts';
import { serverError } from './error-code.ts';
import { upTo } from './packets.ts';
import { DEFAULT_ERROR, type ServerError } from './server-errors.ts';

const LONGEST_TEXT = 512;

export type ErrorAnswer = { readonly error: ServerError; readonly text: string };

/** The server's error and its text for an injected one. The text always has the id, also when it has to be cut. */
export function errorAnswer({ code, message, id }: Pick<NativeError, 'code' | 'message' | 'id'>): ErrorAnswer {
  const known = serverError(code ?? DEFAULT_ERROR.code);
  const error = 'problem' in known ? DEFAULT_ERROR : known;
  const text = (message ?? error.message).replaceAll('{id}', () => id);
  if (text.includes(id) && Buffer.byteLength(text) <= LONGEST_TEXT) return { error, text };
  const suffix = ` (vaurien fault ${id})`;
  return { error, text: `${upTo(text, LONGEST_TEXT - Buffer.byteLength(suffix))}${suffix}` };
}

/** SQLSTATE class 40: the server has rolled the whole transaction back, not only the statement. */
export function rollsBack({ sqlState }: ServerError): boolean {
  return sqlState.startsWith('40');
}

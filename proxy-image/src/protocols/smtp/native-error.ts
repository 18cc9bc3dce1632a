import type { NativeError } from '../exchange/codec.ts';

const DEFAULT_CODE = 451;
/** A reply line, its end included (RFC 5321, section 4.5.3.1.5), in bytes. */
const LONGEST_LINE = 512;

/** What a server says with each code: the enhanced status code (RFC 3463) and the text (RFC 5321, section 4.2.2). */
const REPLIES: ReadonlyMap<number, readonly [status: string, text: string]> = new Map([
  [421, ['4.3.2', 'Service not available, closing transmission channel']],
  [450, ['4.2.0', 'Requested mail action not taken: mailbox unavailable']],
  [451, ['4.3.0', 'Requested action aborted: local error in processing']],
  [452, ['4.3.1', 'Requested action not taken: insufficient system storage']],
  [454, ['4.7.0', 'Temporary failure']],
  [455, ['4.5.4', 'Server unable to accommodate parameters']],
  [500, ['5.5.2', 'Syntax error, command unrecognized']],
  [501, ['5.5.4', 'Syntax error in parameters or arguments']],
  [502, ['5.5.1', 'Command not implemented']],
  [503, ['5.5.1', 'Bad sequence of commands']],
  [504, ['5.5.4', 'Command parameter not implemented']],
  [521, ['5.3.2', 'Server does not accept mail']],
  [530, ['5.7.0', 'Authentication required']],
  [535, ['5.7.8', 'Authentication credentials invalid']],
  [550, ['5.2.0', 'Requested action not taken: mailbox unavailable']],
  [551, ['5.1.6', 'User not local']],
  [552, ['5.2.2', 'Requested mail action aborted: exceeded storage allocation']],
  [553, ['5.1.3', 'Requested action not taken: mailbox name not allowed']],
  [554, ['5.3.0', 'Transaction failed']],
]);

export const CLOSING = 421;

/** The line with which a server says that it ends the connection, whatever it was asked. */
export function closingLine(error: NativeError): Buffer {
  return replyLine({ ...error, code: CLOSING, message: undefined });
}

/** The reply code that the error will have. */
export function codeOf({ code }: NativeError): number {
  return Number(code ?? DEFAULT_CODE);
}

/** The line of the error. The user's text may begin with an enhanced status code of its own. */
export function replyLine(error: NativeError): Buffer {
  const { id, message } = error;
  const code = codeOf(error);
  const [status, usual] = REPLIES.get(code) ?? [`${Math.floor(code / 100)}.0.0`, 'Injected error'];
  const chosen = message?.replaceAll('{id}', id) ?? usual;
  const text = /^[45]\.\d{1,3}\.\d{1,3}(?: |$)/.test(chosen) ? chosen : `${status} ${chosen}`;
  const mark = text.includes(id) ? '' : ` (fault ${id})`;
  const printable = text.replace(/[^ -~]/g, '?').slice(0, LONGEST_LINE - 6 - mark.length);
  return Buffer.from(`${code} ${printable}${mark}\r\n`, 'latin1');
}

/** Tells what is wrong with a code that a user chose; undefined when nothing is. */
export function checkSmtpCode(code: string | number): string | undefined {
  if (/^[45][0-5]\d$/.test(String(code))) return undefined;
  return 'an SMTP error is a reply code from 400 to 599 whose second digit is at most 5';
}

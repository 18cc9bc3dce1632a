import type { NativeError } from '../exchange/codec.ts';

type Word = 'SERVER_ERROR' | 'CLIENT_ERROR' | 'ERROR';

/** Each word of the text protocol, and the status of the binary one that says the same. */
const STATUS_OF: Readonly<Record<Word, number>> = { SERVER_ERROR: 0x0084, CLIENT_ERROR: 0x0004, ERROR: 0x0081 };

/** Status that blame the client. */
const CLIENT_STATUS: ReadonlySet<number> = new Set([0x0001, 0x0002, 0x0003, 0x0004, 0x0005, 0x0006, 0x0020]);

/** What is wrong with an error code, or undefined: a word of the text protocol, or a status of the binary one. */
export function checkCode(code: string | number): string | undefined {
  const valid = typeof code === 'number' ? Number.isInteger(code) && code > 0 && code <= 0xffff : isWord(code);
  if (valid) return undefined;
  return `expected SERVER_ERROR, CLIENT_ERROR, ERROR, or a binary status from 1 to 65535, got ${JSON.stringify(code)}`;
}

/** A line of the text protocol: `SERVER_ERROR text`. */
export function textError(error: NativeError): Buffer {
  return Buffer.from(`${wordOf(error.code)} ${textOf(error)}\r\n`);
}

/** A packet of the binary protocol, in answer to the request with this opcode and opaque. */
export function binaryError({ opcode, opaque }: { opcode: number; opaque: number }, error: NativeError): Buffer {
  const text = Buffer.from(textOf(error));
  const header = Buffer.alloc(24);
  header.writeUInt8(0x81, 0);
  header.writeUInt8(opcode, 1);
  header.writeUInt16BE(statusOf(error.code), 6);
  header.writeUInt32BE(text.length, 8);
  header.writeUInt32BE(opaque, 12);
  return Buffer.concat([header, text]);
}

function textOf({ id, message }: NativeError): string {
  return (message ?? 'injected by vaurien {id}').replaceAll('{id}', () => id).replaceAll(/[\r\n]+/g, ' ');
}

function wordOf(code: NativeError['code']): Word {
  if (typeof code === 'string' && isWord(code)) return code;
  if (code === STATUS_OF.ERROR) return 'ERROR';
  return typeof code === 'number' && CLIENT_STATUS.has(code) ? 'CLIENT_ERROR' : 'SERVER_ERROR';
}

function statusOf(code: NativeError['code']): number {
  if (typeof code === 'number' && checkCode(code) === undefined) return code;
  return STATUS_OF[wordOf(code)];
}

function isWord(code: string | number): code is Word {
  return typeof code === 'string' && Object.hasOwn(STATUS_OF, code);
}

type ClientMessage =
  | 'bind'
  | 'close'
  | 'copyData'
  | 'copyDone'
  | 'copyFail'
  | 'describe'
  | 'execute'
  | 'flush'
  | 'functionCall'
  | 'parse'
  /** A password, or a step of SASL or GSSAPI. */
  | 'password'
  | 'query'
  | 'sync'
  | 'terminate';

/** The first byte of messages (PostgreSQL documentation, "Message Formats"). */
export const FROM_CLIENT: Readonly<Record<ClientMessage, number>> = {
  bind: code('B'),
  close: code('C'),
  copyData: code('d'),
  copyDone: code('c'),
  copyFail: code('f'),
  describe: code('D'),
  execute: code('E'),
  flush: code('H'),
  functionCall: code('F'),
  parse: code('P'),
  password: code('p'),
  query: code('Q'),
  sync: code('S'),
  terminate: code('X'),
};

type BackendMessage = 'copyBoth' | 'copyIn' | 'error' | 'notice' | 'notification' | 'parameterStatus' | 'ready';

/** The first byte of those messages of the backend that matter by themselves. */
export const FROM_BACKEND: Readonly<Record<BackendMessage, number>> = {
  copyBoth: code('W'),
  copyIn: code('G'),
  error: code('E'),
  notice: code('N'),
  notification: code('A'),
  parameterStatus: code('S'),
  ready: code('Z'),
};

const CLIENT_TYPES: ReadonlySet<number> = new Set(Object.values(FROM_CLIENT));
const EXTENDED_TYPES: ReadonlySet<number> = new Set(Buffer.from('PBDEC'));
const BACKEND_TYPES: ReadonlySet<number> = new Set(Buffer.from('123AcCdDEGHIKnNRsStTvVWZ'));
/** One of each answers each message of an extended query: parsed, bound, closed, described (or no data), executed. */
const EXTENDED_ANSWERS: ReadonlySet<number> = new Set(Buffer.from('123TnCIs'));

export function isClientType(type: number): boolean {
  return CLIENT_TYPES.has(type);
}

/** Whether it is one of the messages that Sync ends, and that are answered one by one. */
export function isExtended(type: number): boolean {
  return EXTENDED_TYPES.has(type);
}

export function isBackendType(type: number): boolean {
  return BACKEND_TYPES.has(type);
}

/** Whether a message of the backend is the last of the answer to one message of an extended query. */
export function answersOneMessage(type: number): boolean {
  return EXTENDED_ANSWERS.has(type);
}

function code(letter: string): number {
  return letter.charCodeAt(0);
}

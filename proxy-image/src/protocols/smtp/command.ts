export type Command = {
  /** Its verb, if it is a command of SMTP or of a known extension; else `UNKNOWN`: it may be data. */
  readonly verb: string;
  /** Bytes that follow its line: BDAT (RFC 3030). */
  readonly chunkBytes: number;
  /** It is the last chunk of its message. */
  readonly last: boolean;
};

const VERBS: ReadonlySet<string> = new Set(
  `ATRN AUTH BDAT BURL DATA EHLO ETRN EXPN HELO HELP LHLO MAIL NOOP QUIT RCPT RSET STARTTLS TURN VRFY XCLIENT
  XFORWARD`.split(/\s+/),
);
/** Greetings, authentication and the like are no requests of the application. */
const SESSION_VERBS: ReadonlySet<string> = new Set('ATRN AUTH EHLO HELO LHLO QUIT STARTTLS TURN XCLIENT'.split(' '));
const CHUNK = /^BDAT[ \t]+(\d{1,15})([ \t]+LAST)?[ \t]*\r?\n$/i;

/** Reads a command line, or the beginning of a long one. */
export function readCommand(line: string): Command {
  const word = /^[A-Za-z]+(?=[\s:]|$)/.exec(line)?.[0].toUpperCase() ?? '';
  const verb = VERBS.has(word) ? word : 'UNKNOWN';
  const chunk = verb === 'BDAT' ? CHUNK.exec(line) : null;
  return { verb, chunkBytes: Number(chunk?.[1] ?? 0), last: chunk?.[2] !== undefined };
}

/** Whether a fault may hit the command. */
export function isJudged(verb: string): boolean {
  return !SESSION_VERBS.has(verb);
}

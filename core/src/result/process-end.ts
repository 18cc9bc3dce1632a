/** How a process ended, as its parent saw it: by itself, or by a signal. */
export type ProcessEnd = { readonly code?: number | undefined; readonly signal?: string | undefined };

/** What V8 says last when it gives up. */
const FATAL = /^FATAL ERROR: (.*)$/m;
const CRASHES: readonly (string | undefined)[] = ['SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGTRAP', 'SIGFPE'];
/** Of Linux, by number: signal(7). */
const SIGNALS: ReadonlyMap<number, string> = new Map([
  [1, 'SIGHUP'],
  [2, 'SIGINT'],
  [4, 'SIGILL'],
  [5, 'SIGTRAP'],
  [6, 'SIGABRT'],
  [7, 'SIGBUS'],
  [8, 'SIGFPE'],
  [9, 'SIGKILL'],
  [11, 'SIGSEGV'],
  [15, 'SIGTERM'],
]);

/** The end of a container's process: engines give 128 and the signal's number as exit code, as shells do. */
export function endOfContainer(exitCode: number): ProcessEnd {
  const signal = SIGNALS.get(exitCode - 128);
  return signal === undefined ? { code: exitCode } : { signal };
}

/**
 * What the end of a scenario process means to who looks for its cause, in some words: `output` is what it wrote last.
 * Undefined when nothing is known.
 */
export function endMeaning({ code, signal }: ProcessEnd, output = ''): string | undefined {
  const fatal = FATAL.exec(output)?.[1];
  if (fatal?.includes('JavaScript heap out of memory')) {
    const more = '-e NODE_OPTIONS=--max-old-space-size=4096 gives it 4 GiB, -p N spreads the load over N processes';
    return `its JavaScript heap was full (${more})`;
  }
  const said = fatal === undefined ? '' : `: ${fatal}`;
  if (signal === 'SIGKILL') return 'killed by SIGKILL, by somebody or by the system, as when memory runs out';
  if (signal === 'SIGABRT')
    return `it aborted (SIGABRT)${said || ', as when its JavaScript heap is full or native code fails'}`;
  if (CRASHES.includes(signal)) return `it crashed in native code (${signal}), an addon's or that of Node.js${said}`;
  if (signal !== undefined) return `ended by ${signal}, from outside`;
  return code === undefined ? undefined : `with exit code ${code}${said}`;
}

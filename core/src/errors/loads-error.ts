import { ERRORS, type ErrorCode } from './error-table.ts';
import type { ExitCode } from './exit-codes.ts';

export type LoadsErrorOptions = { hint?: string | undefined; cause?: unknown };

/** An error that the user can act on: a stable `code`, one message, a `hint` how to mend it, and the exit code. */
export class LoadsError extends Error {
  override readonly name = 'LoadsError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;

  constructor(code: ErrorCode, message: string, options: LoadsErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? ERRORS[code].hint;
    this.exitCode = ERRORS[code].exitCode;
  }
}

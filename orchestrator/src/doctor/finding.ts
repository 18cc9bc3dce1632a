import { EXIT, type ExitCode } from '@loads/core';

/** What one check found, and how to mend it. A `warn` is in the way of something, but not of every run. */
export type Finding = {
  readonly check: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly message: string;
  readonly hint?: string | undefined;
  /** What a failure means for a run. */
  readonly exitCode?: ExitCode | undefined;
};

/** The exit code over all findings: what has to be mended on this side comes before what does not answer. */
export function exitCodeOfFindings(findings: readonly Finding[]): ExitCode {
  const failed = findings.filter(({ status }) => status === 'fail');
  const codes = failed.map(({ exitCode }) => exitCode ?? EXIT.badConfiguration);
  if (codes.includes(EXIT.badConfiguration)) return EXIT.badConfiguration;
  return codes[0] ?? EXIT.passed;
}

import { once } from 'node:events';
import { basename } from 'node:path';
import { ERRORS, type ErrorCode, type InspectRequest, LoadsError, type ReportedError } from '@loads/core';
import { type Inspector, isWaiting, startInspector } from './inspector.ts';

const TIMEOUT_MS = 30_000;

/** What a scenario file declares. */
export type DeclaredScenarios = {
  readonly scenarios: readonly { readonly name: string; readonly weight: number }[];
  readonly setup: boolean;
  readonly teardown: boolean;
  /** What it exports as `options`: keys of the configuration. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
};

/**
 * Loads a scenario file, after its extensions, in a process of its own, so that what is wrong with it is said once and before any node starts.
 * `ready` is such a process, if one waits. Throws ERR_SCENARIO_LOAD.
 */
export async function inspectScenario(
  file: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  extensions: readonly string[] = [],
  ready?: Inspector | undefined,
): Promise<DeclaredScenarios> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  limit.throwIfAborted();
  const child = ready && isWaiting(ready) ? ready : startInspector(env);
  limit.addEventListener('abort', () => child.kill('SIGKILL'), { once: true });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk;
  });
  const request: InspectRequest = { file, extensions, env };
  child.stdin.end(JSON.stringify(request));
  await once(child, 'close');
  // Ctrl-C reaches the process itself as well, and may end it before the signal does.
  signal.throwIfAborted();
  if (limit.aborted) {
    throw new LoadsError('ERR_SCENARIO_LOAD', `${file} did not finish loading within ${TIMEOUT_MS / 1000} s`, {
      hint: 'declare scenarios at the top of the file, and do the work inside of them or in setup',
    });
  }
  // The file may print what it likes while it is loaded; the answer is the last line.
  const answer = parseLine(output.trimEnd().split('\n').at(-1) ?? '');
  if (answer && 'scenarios' in answer) return answer;
  throw scenarioError(file, answer?.error, errors);
}

type Answer = DeclaredScenarios | { readonly error: ReportedError };

/** The answer in a line; undefined when the process ended without one, and what it wrote to stderr says why. */
function parseLine(line: string): Answer | undefined {
  try {
    const answer: unknown = JSON.parse(line);
    const known = answer !== null && typeof answer === 'object' && ('scenarios' in answer || 'error' in answer);
    return known ? (answer as Answer) : undefined;
  } catch {
    return undefined;
  }
}

function scenarioError(file: string, error: ReportedError | undefined, output: string): LoadsError {
  if (!error) {
    // Node says where, and that is where we wait for the file.
    if (output.includes('Detected unsettled top-level await'))
      return new LoadsError('ERR_SCENARIO_LOAD', `${basename(file)}: what it awaits while it is loaded never comes`, {
        hint: 'declare scenarios at the top of the file, and do the work inside of them or in setup',
      });
    return new LoadsError('ERR_SCENARIO_LOAD', `${file} could not be loaded: ${lastWords(output)}`);
  }
  const code = (error.code in ERRORS ? error.code : 'ERR_SCENARIO_LOAD') as ErrorCode;
  if (error.stack === undefined) return new LoadsError(code, error.message, { hint: error.hint });
  const cause = new Error(error.message);
  cause.stack = error.stack;
  return new LoadsError(code, error.message, { hint: error.hint, cause });
}

/** What a process died of: the error in what it wrote, else its last line. */
function lastWords(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '' && !/^Node\.js v\d/.test(line));
  return lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? 'its process ended';
}

import { ConnectionError } from '../connection/connection-error.ts';
import { requestErrorOf } from '../functional/measured-fetch.ts';
import type { Recorder } from '../recording/recorder.ts';

/** Counts what nobody caught. False where it is no failure, since it only says that its connection, session or run is over. */
export function uncaught(recorder: Recorder, error: unknown): boolean {
  if (isOfTheEnd(error)) return false;
  recorder.outside('uncaught', error, performance.now());
  return true;
}

/** Counts a teardown that threw. One that only found its connections cut is shown, and is no failure. */
export function teardownFailed(recorder: Pick<Recorder, 'errors' | 'outside'>, name: string, error: unknown): void {
  if (isOfTheEnd(error)) recorder.errors.add(name, 'teardown', error);
  else recorder.outside('teardown', error, performance.now(), name);
}

function isOfTheEnd(error: unknown): boolean {
  const known = error instanceof ConnectionError ? error : requestErrorOf(error);
  return known?.failure === 'aborted';
}

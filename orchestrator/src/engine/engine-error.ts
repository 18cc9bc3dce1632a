import { LoadsError } from '@loads/core';

/** What an engine answered to a request that it did not fulfil. */
export class EngineRefusal extends LoadsError {
  /** The HTTP status: 404 for what is not there, 409 for a name that is taken, and so on. */
  readonly status: number;

  constructor(status: number, message: string, cause: unknown) {
    super('ERR_ENGINE', message, { hint: 'these are the words of the container engine', cause });
    this.status = status;
  }
}

/** Whether the engine said that it has no such thing. */
export function isMissing(error: unknown): boolean {
  return error instanceof EngineRefusal && error.status === 404;
}

/** Whether an engine could not be spoken to, or answered as one does that is going down or coming up. */
export function isAway(error: unknown): boolean {
  if (error instanceof EngineRefusal) return error.status >= 500;
  return error instanceof LoadsError && error.code === 'ERR_ENGINE';
}

/**
 * The error of a call to an engine as this project's own: `EngineRefusal` when it answered, and ERR_ENGINE when it could
 * not be spoken to.
 */
export function engineError(error: unknown, address: string): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if (error instanceof LoadsError) return error;
  if ('statusCode' in error && typeof error.statusCode === 'number')
    return new EngineRefusal(error.statusCode, answerOf(error), error);
  const { message, hint } = reasonOf(error);
  return new LoadsError('ERR_ENGINE', `no container engine answers at ${address}: ${message}`, { hint, cause: error });
}

/** The engine's own words, without what the client put around them. */
function answerOf(error: Error): string {
  const body: unknown = 'json' in error ? error.json : undefined;
  if (typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string')
    return body.message.trim();
  return error.message.replace(/^\(HTTP code \d+\) [^-]*- /, '').trim();
}

function reasonOf(error: Error): { readonly message: string; readonly hint?: string | undefined } {
  switch ('code' in error ? error.code : undefined) {
    case 'ENOENT':
      return { message: 'there is no such socket' };
    case 'ECONNREFUSED':
      return { message: 'connection refused' };
    case 'EACCES':
      return {
        message: 'permission denied',
        hint: 'join the group `docker`, or set DOCKER_HOST to an engine of yours',
      };
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return { message: 'its name cannot be resolved' };
    case 'ABORT_ERR':
      return { message: 'it does not answer in time' };
    default:
      return { message: error.message.trim() };
  }
}

import { framesOutside } from '../runtime/source-place.ts';

/** What a test is told to have failed of: its only failure, or one error with the messages of all. */
export function allFailures(errors: readonly [unknown, ...unknown[]]): unknown {
  const [only] = errors;
  if (errors.length === 1) return only;
  const messages = errors.map((error) => (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]);
  const all = new AggregateError(errors, `${errors.length} failures: ${messages.join('; ')}`);
  for (const error of errors) if (error instanceof Error) error.stack = framesOutside(error.stack) ?? error.message;
  // Where they were put together is of no interest.
  all.stack = all.message;
  return all;
}

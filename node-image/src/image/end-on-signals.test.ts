import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { endOnSignals } from './end-on-signals.ts';

function listening(): { emitter: EventEmitter; exits: (number | string | null | undefined)[] } {
  const emitter = new EventEmitter();
  const exits: (number | string | null | undefined)[] = [];
  const exit = (code?: number | string | null): never => {
    exits.push(code);
    return undefined as never;
  };
  endOnSignals(Object.assign(emitter, { exit }) as unknown as NodeJS.Process);
  // What a run makes of it later is for scenarios.
  Object.assign(emitter, { exit: () => exits.push('replaced') });
  return { emitter, exits };
}

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
])('%s ends the process with %i', (signal, code) => {
  const { emitter, exits } = listening();
  emitter.emit(signal);
  expect(exits).toEqual([code]);
});

test('whoever else listens decides: a node that ends its program must survive its own signal', () => {
  const { emitter, exits } = listening();
  emitter.on('SIGTERM', () => undefined);
  emitter.emit('SIGTERM');
  expect(exits).toEqual([]);
});

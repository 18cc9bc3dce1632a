import { LoadsError } from '@loads/core';
import { expect, test } from 'vitest';
import { EngineRefusal, engineError, isAway, isMissing } from './engine-error.ts';

test.each([
  ['ENOENT', /there is no such socket/],
  ['ECONNREFUSED', /connection refused/],
  ['EACCES', /permission denied/],
  ['EAI_AGAIN', /name cannot be resolved/],
])('%s means that no engine answers', (code, message) => {
  const error = engineError(Object.assign(new Error('x'), { code }), 'tcp://h:1');
  expect(error).toBeInstanceOf(LoadsError);
  expect(error).toMatchObject({ code: 'ERR_ENGINE', exitCode: 109, message: expect.stringMatching(message) });
});

test.each([
  [engineError(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'a'), true],
  // while it goes down: `database not open`
  [new EngineRefusal(500, 'database not open', undefined), true],
  [new EngineRefusal(503, 'starting', undefined), true],
  [new EngineRefusal(404, 'no such container', undefined), false],
  [new LoadsError('ERR_NODE_START', 'x'), false],
  [new Error('x'), false],
])('%s means that the engine is away: %s', (error, away) => {
  expect(isAway(error)).toBe(away);
});

test('an answer is told in the words of the engine', () => {
  const answered = Object.assign(new Error('(HTTP code 404) no such thing - x'), {
    statusCode: 404,
    json: { message: 'No such image' },
  });
  const error = engineError(answered, 'a');
  expect([error.message, isMissing(error)]).toEqual(['No such image', true]);
  const bare = engineError(
    Object.assign(new Error('(HTTP code 500) server error - dial tcp: no '), { statusCode: 500 }),
    'a',
  );
  expect(bare).toEqual(new EngineRefusal(500, 'dial tcp: no', undefined));
});

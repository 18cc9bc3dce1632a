import { LoadsError, type ReportedError } from '@loads/core';
import { expect, test } from 'vitest';
import { whatElse, withHint } from './not-begun.ts';

/** Nodes that left these, in the order of their numbers. */
function nodesWith(...failed: readonly (ReportedError | undefined)[]): Parameters<typeof whatElse>[0] {
  return {
    look: async () =>
      failed.map((error, i) => ({
        node: i + 1,
        sidecar: false,
        scenario: false,
        read: async () => error && new TextEncoder().encode(JSON.stringify(error)),
      })),
  };
}

test('it is told what was not undone, and of a process that has gone what is known from outside', async () => {
  const nodes = nodesWith(
    { code: 'ERR_STOPPED', message: 'stopped', hint: 'teardown failed: no' },
    { code: 'ERR_SCENARIO_LOAD', message: 'gone', hint: 'see there', gone: true },
    { code: 'ERR_SETUP', message: 'no licence', hint: 'pay' },
    undefined,
  );
  const reasons = new Map([2, 3].map((node) => [node, 'it ran out of memory: scenario container'] as const));
  expect(await whatElse(nodes, { killed: [4], reasons })).toEqual([
    'teardown failed: no',
    'node 2: it ran out of memory: scenario container',
    'node 4 had to be killed: teardowns may not have run',
  ]);
  expect(await whatElse(nodesWith(undefined), { killed: [] })).toEqual([]);
});

test('what more there is stands in the hint of the error, once', () => {
  const error = new LoadsError('ERR_STOPPED', 'stopped', { hint: 'teardown failed: no' });
  expect(withHint(error, ['teardown failed: no', 'more'])).toMatchObject({ hint: 'teardown failed: no; more' });
  expect(withHint(error, [])).toBe(error);
  const bug = new TypeError('undefined is no function');
  expect(withHint(bug, ['more'])).toBe(bug);
});

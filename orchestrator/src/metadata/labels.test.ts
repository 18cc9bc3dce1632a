import { expect, test } from 'vitest';
import { parseLabels } from './labels.ts';

test('labels are name and value; the last one of a name stands', () => {
  expect(parseLabels(['version=2', 'app/tier=web=x', 'empty=', 'version=3'])).toEqual({
    ...{ version: '3', 'app/tier': 'web=x', empty: '' },
  });
});

test.each([
  'version',
  '=2',
  ' a=b',
  '-a=b',
  '__proto__=1',
  'a b=c',
  `${'a'.repeat(64)}=1`,
  'a=b\nc',
  `a=${'b'.repeat(257)}`,
])('%j is no label', (text) => {
  expect(() => parseLabels([text])).toThrow(expect.objectContaining({ code: 'ERR_USAGE', exitCode: 104 }));
});

import { expect, test } from 'vitest';
import { endMeaning, endOfContainer } from './process-end.ts';

test.each([
  [{ signal: 'SIGKILL' }, 'killed by SIGKILL, by somebody or by the system, as when memory runs out'],
  [{ signal: 'SIGSEGV' }, "it crashed in native code (SIGSEGV), an addon's or that of Node.js"],
  [{ signal: 'SIGABRT' }, 'it aborted (SIGABRT), as when its JavaScript heap is full or native code fails'],
  [{ signal: 'SIGTERM' }, 'ended by SIGTERM, from outside'],
  [{ code: 7 }, 'with exit code 7'],
  [{}, undefined],
])('%j means something', (end, meaning) => {
  expect(endMeaning(end)).toBe(meaning);
});

test('what V8 wrote last says more than the signal, and what a scenario wrote says nothing', () => {
  const heap = 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n----- Native stack';
  expect(endMeaning({ signal: 'SIGABRT' }, `hello\n${heap}`)).toMatch(/^its JavaScript heap was full \(.*-p N/);
  expect(endMeaning({}, heap)).toMatch(/^its JavaScript heap was full/);
  expect(endMeaning({ signal: 'SIGABRT' }, 'FATAL ERROR: v8::ToLocalChecked Empty MaybeLocal\n')).toBe(
    'it aborted (SIGABRT): v8::ToLocalChecked Empty MaybeLocal',
  );
  expect(endMeaning({ code: 3 }, 'my service says: JavaScript heap out of memory')).toBe('with exit code 3');
});

test('the exit code of a container stands for a signal, too', () => {
  expect([137, 134, 139, 1, 0, 255].map(endOfContainer)).toEqual([
    { signal: 'SIGKILL' },
    { signal: 'SIGABRT' },
    { signal: 'SIGSEGV' },
    { code: 1 },
    { code: 0 },
    { code: 255 },
  ]);
});

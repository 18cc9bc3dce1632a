import type { ErrorGroup } from '@loads/core';
import { expect, test } from 'vitest';
import { errorLines } from './error-text.ts';
import { painter } from './paint.ts';

const plain = painter(false);

const error: ErrorGroup = {
  scenario: 'buy',
  failure: 'assertion',
  message: 'no rope left\n+ actual - expected',
  count: 1200,
  stack: [
    'AssertionError: no rope left',
    '+ actual - expected',
    '    at run (file:///tests/shop.ts:12:9)',
    '    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)',
    '    at async Worker.iterate (file:///x/node_modules/@loads/node/dist/worker.js:1:1)',
  ].join('\n'),
  example: {
    name: 'list items',
    method: 'GET',
    url: 'http://shop/items',
    headers: Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`x-${i}`, 'y'])),
    durationMs: 12,
    response: { status: 503, headers: { server: 'x' }, body: 'busy' },
  },
};

test('an error has one example: its request, what came back, and where in the scenario it was thrown', () => {
  expect(errorLines([error], plain, false)).toEqual([
    '1,200 × buy: no rope left',
    '    > GET http://shop/items',
    ...Array.from({ length: 7 }, (_, i) => `    > x-${i}: y`),
    '    > ... 13 more lines',
    '    < 503 after 12.0ms',
    '    < server: x',
    '    <',
    '    < busy',
    '    at run (file:///tests/shop.ts:12:9)',
  ]);
});

test('what an error was thrown for is told behind it, in brief without its frames', () => {
  const stack = `${error.stack}\ncaused by: sold out\n    at stock (file:///tests/stock.ts:3:1)`;
  const failed = { ...error, example: undefined, stack };
  expect(errorLines([failed], plain, false).slice(1)).toEqual([
    '    at run (file:///tests/shop.ts:12:9)',
    '    caused by: sold out',
  ]);
  expect(errorLines([failed], plain, true).at(-1)).toBe('    at stock (file:///tests/stock.ts:3:1)');
});

test('in full nothing is left out', () => {
  const lines = errorLines([error], plain, true);
  expect(lines).toHaveLength(1 + 1 + 21 + 4 + 3);
  expect(lines).toContain('    + actual - expected');
  expect(lines.at(-1)).toMatch(/worker\.js:1:1\)$/);
});

test('many errors are named, and the first ones shown', () => {
  const errors = Array.from({ length: 7 }, (_, i) => ({ ...error, message: `error ${i}` }));
  const lines = errorLines(errors, plain, false);
  expect(lines.filter((line) => line.includes('×'))).toHaveLength(5);
  expect(lines.filter((line) => line.includes('> GET'))).toHaveLength(3);
  expect(lines.at(-1)).toBe('and 2 more in summary.json, or with -v');
  expect(errorLines(errors, plain, true).filter((line) => line.includes('> GET'))).toHaveLength(7);
});

test('what an error or a server says cannot steer the terminal', () => {
  const evil = { ...error, scenario: '\u001b[2J', message: '\u001b]0;x\u0007', stack: '    at \u001b[2Jx (a.ts:1:1)' };
  for (const line of errorLines([evil], plain, true)) expect(line).not.toMatch(/\p{Cc}/u);
});

import { expect, test } from 'vitest';
import { parseBehaviors } from './parse-behaviors.ts';

test.each([
  ['delay', {}, [{ percent: 100, behavior: 'delay', options: { sleep: 1000 } }]],
  [
    '20:delay,5.5:error',
    { sleep: '300ms', code: 503 },
    [
      { percent: 20, behavior: 'delay', options: { sleep: 300 } },
      { percent: 5.5, behavior: 'error', options: { code: 503 } },
    ],
  ],
  // Where the ancestor crashed: dummy listed, with a remainder.
  [
    ' 50 : dummy , 20 : blackout ',
    { mode: 'fin' },
    [
      { percent: 50, behavior: 'dummy', options: {} },
      { percent: 20, behavior: 'blackout', options: { mode: 'fin' } },
    ],
  ],
  ['0.01:hang', { max: 2 }, [{ percent: 0.01, behavior: 'hang', options: { max: 2000 } }]],
])('%j with %j', (spec, options, expected) => {
  expect(parseBehaviors(spec, options)).toMatchObject(expected);
});

test('decimal shares may fill 100 percent', () => {
  expect(parseBehaviors('33.3:delay,33.3:error,33.4:hang')).toHaveLength(3);
});

const KNOWN = '(there are blackout, delay, dummy, error, hang, transient, abort)';

test.each([
  ['60:delay,50:error', {}, [['behavior', 'The behavior total needs to be 100 or less, and is 110']]],
  ['10:delay,20:delay', {}, [['behavior', "'delay' is given twice"]]],
  ['0:delay', {}, [['behavior', "'0:delay': the percentage needs to be over 0"]]],
  ['-5:delay', {}, [['behavior', "You need to use percentage:name, not '-5:delay'"]]],
  ['ten:delay', {}, [['behavior', "You need to use percentage:name, not 'ten:delay'"]]],
  ['1:2:delay', {}, [['behavior', "You need to use percentage:name, not '1:2:delay'"]]],
  ['', {}, [['behavior', "You need to use percentage:name, not ''"]]],
  ['10:dealy', { sleep: 1 }, [['behavior', `'dealy' is no behavior; did you mean 'delay'? ${KNOWN}`]]],
  ['10:constructor', {}, [['behavior', `'constructor' is no behavior; ${KNOWN.slice(1, -1)}`]]],
  [
    'delay',
    { slep: 1 },
    [
      [
        'slep',
        "'slep' is no option of 'delay'; did you mean 'sleep'? (there are sleep, jitter, distribution, quantiles, before)",
      ],
    ],
  ],
  [
    '50:delay,50:hang',
    { code: 500 },
    [
      [
        'code',
        "'code' is no option of 'delay' or 'hang'; there are sleep, jitter, distribution, quantiles, before, max",
      ],
    ],
  ],
  ['blackout', { constructor: 1 }, [['constructor', "'constructor' is no option of 'blackout'; there are mode"]]],
  ['dummy', { sleep: 1 }, [['sleep', "'sleep' is no option of 'dummy'; there is none"]]],
  ['delay', { sleep: 'soon' }, [['sleep', expect.stringContaining('expected a duration')]]],
])('%j with %j is refused', (spec, options, expected) => {
  const parsed = parseBehaviors(spec, options);
  const problems = 'problems' in parsed ? parsed.problems.map(({ path, message }) => [path.join('.'), message]) : [];
  expect(problems).toEqual(expected);
});

test('all problems are told at once', () => {
  const parsed = parseBehaviors('60:delay,50:error,1:error', { sleep: 'soon', point: 'after', colour: 'red' });
  const paths = 'problems' in parsed ? parsed.problems.map(({ path }) => path.join('.')) : [];
  expect(paths).toEqual(['behavior', 'behavior', 'colour', 'sleep', 'point', 'point']);
});

test.each([
  ['http', 200, 'expected a status from 400 to 599'],
  ['tcp', 503, 'tcp has no errors'],
])('%s refuses the error code %j', (protocol, code, message) => {
  const parsed = parseBehaviors('10:error', { code }, protocol);
  expect(parsed).toEqual({ problems: [{ path: ['code'], message: expect.stringContaining(message) }] });
});

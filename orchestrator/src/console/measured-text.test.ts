import { expect, test } from 'vitest';
import { measuredText } from './measured-text.ts';

test.each([
  [{ metric: 'http_req_duration', expression: 'p(95)<200', actual: 6.04 }, '6.0ms'],
  [{ metric: 'http_req_duration', expression: 'count>2', actual: 1234 }, '1,234'],
  [{ metric: 'checks{check:a}', expression: 'rate>0.9', actual: 0.75 }, '75%'],
  [{ metric: 'orders', expression: 'count>10', reason: 'no samples' }, 'no samples'],
  [
    {
      metric: 'http_req_duration',
      expression: 'p(95){phase:chaos}<2*p(95){phase:steady}',
      ...{ actual: 300, limit: 100 },
    },
    '300ms, limit 100ms',
  ],
  [
    {
      metric: 'http_req_duration',
      expression: 'p(95){phase:chaos}<2*p(95)',
      ...{ actual: 300, reason: 'no samples to compare with, in {}' },
    },
    '300ms, no samples to compare with, in {}',
  ],
  [{ metric: 'http_req_duration', expression: 'of another grammar', actual: 12 }, '12'],
])('%j measured %s', (result, text) => {
  expect(measuredText({ ok: false, ...result })).toBe(text);
});

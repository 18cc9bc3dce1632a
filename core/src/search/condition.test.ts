import { expect, test } from 'vitest';
import { LoadsError } from '../errors/loads-error.ts';
import { readCondition } from './condition.ts';

test.each([
  ['p(95)<300', 'http_req_duration', 'p(95)<300'],
  [' max<1s ', 'http_req_duration', 'max<1s'],
  ['p(95){phase:chaos} < 3 * p(95){phase:steady}', 'http_req_duration', 'p(95){phase:chaos} < 3 * p(95){phase:steady}'],
  ['rate<0.01', 'http_req_failed', 'rate<0.01'],
  ['rate{fault:slow}<0.01', 'http_req_failed', 'rate{fault:slow}<0.01'],
  ['checks: rate>0.9', 'checks', 'rate>0.9'],
  ['http_req_failed{phase:chaos}:rate<0.01', 'http_req_failed{phase:chaos}', 'rate<0.01'],
  ['recovery_time{fault:db-down}: max<5s', 'recovery_time{fault:db-down}', 'max<5s'],
])('%s', (text, selector, expression) => {
  expect(readCondition(text)).toEqual({ selector, expression });
});

test.each(['', '300', 'count>3', 'p(95)<', 'checks: p(95)<3', 'http_reqs: often', ': rate<1'])('refuses %j', (text) => {
  expect(() => readCondition(text)).toThrow(LoadsError);
});

import { expect, test } from 'vitest';
import { runLink } from './run-link.ts';

test.each([
  // A port, as the compose file has it.
  ['http://localhost:3000', 'http://localhost:3000/d/loads-run?var-run=r-1&from=995000&to=2005000'],
  // Behind a path, with or without a slash at its end.
  ['https://ops.test/grafana', 'https://ops.test/grafana/d/loads-run?var-run=r-1&from=995000&to=2005000'],
  ['https://ops.test/grafana/', 'https://ops.test/grafana/d/loads-run?var-run=r-1&from=995000&to=2005000'],
  // A password is not for everybody who sees the link.
  ['http://me:secret@localhost:3000/?orgId=2', 'http://localhost:3000/d/loads-run?var-run=r-1&from=995000&to=2005000'],
])('the link of a run under %s', (baseUrl, link) => {
  expect(runLink(baseUrl, 'r-1', 1_000_000, 2_000_000)).toBe(link);
});

test('a run whose end nobody knows is followed', () => {
  expect(runLink('http://localhost:3000', 'a b&c', 1_000_000.4)).toBe(
    'http://localhost:3000/d/loads-run?var-run=a+b%26c&from=995000&to=now',
  );
});

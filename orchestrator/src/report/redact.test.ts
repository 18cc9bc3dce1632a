import { expect, test } from 'vitest';
import { plan } from '../console/plan.test.fixture.ts';
import { redactedArguments, redactedPlan, redactedText, withoutSecrets } from './redact.ts';

test('a plan is shown without tokens, keys, passwords and variables', () => {
  const shown = JSON.stringify(
    redactedPlan({
      ...plan,
      target: 'http://joe:hunter2@shop/?api_key=hunter2&page=2',
      env: { COLOUR: 'hunter2' },
      scenario: {
        kind: 'command',
        command: ['load', '--password', 'hunter2', '--token=hunter2', '--url', 'http://shop'],
      },
      influx: { url: 'http://influx:8086', bucket: 'loads', org: '', token: 'hunter2' },
      remotes: [{ name: 'db', control: 'http://vaurien:8080', token: 'hunter2', remoteName: 'db', entries: [] }],
      proxies: [
        {
          ...{ name: 'web', backend: { host: 'shop', port: 443 }, protocol: 'http', behaviors: [] },
          settings: { tls: { cert: 'hunter2', key: 'hunter2' } },
        },
      ],
      plugins: [{ source: './slam.ts', file: '/tests/slam.ts', code: 'hunter2' }],
    }),
  );
  expect(shown).not.toContain('hunter2');
  for (const kept of ['page=2', 'COLOUR', 'http://shop', 'influx:8086', 'vaurien:8080', 'slam.ts', '"seed":7'])
    expect(shown).toContain(kept);
});

test.each([
  [
    ['run', 'a.ts', '-e', 'COLOUR=hunter2'],
    ['run', 'a.ts', '-e', 'COLOUR=[redacted]'],
  ],
  [['--env=COLOUR=hunter2=x'], ['--env=COLOUR=[redacted]']],
  [['-eCOLOUR=hunter2'], ['-eCOLOUR=[redacted]']],
  [
    ['-t', 'http://u:hunter2@shop'],
    ['-t', 'http://[redacted]@shop'],
  ],
  [
    ['--', 'load', '-e', 'fast'],
    ['--', 'load', '-e', 'fast'],
  ],
  [
    ['--', 'load', '--api-key', 'hunter2'],
    ['--', 'load', '--api-key', '[redacted]'],
  ],
])('%j is shown as %j', (args, shown) => {
  expect(redactedArguments(args)).toEqual(shown);
  // What is shown already stays as it is.
  expect(redactedArguments(shown)).toEqual(shown);
});

test('options are a line', () => {
  expect(redactedText({ sleep: 300, header: { authorization: 'x', a: 'b' } })).toBe(
    'sleep: 300, header: {"authorization":"[redacted]","a":"b"}',
  );
  expect(withoutSecrets('Authorization: Bearer abcdefgh')).toBe('Authorization: Bearer [redacted]');
});

import { expect, test } from 'vitest';
import { plan } from '../console/plan.test.fixture.ts';
import { repeatCommand } from './repeat-command.ts';

test('a run is repeated as it was called, with its seed, and without its secrets', () => {
  const commandLine = ['run', 'my load.yml', '-e', 'PASSWORD=hunter2', '--', 'python3', 'load.py'];
  expect(repeatCommand({ plan, commandLine })).toBe(
    `loads run 'my load.yml' -e 'PASSWORD=[redacted]' --seed 7 -- python3 load.py`,
  );
  expect(repeatCommand({ plan, commandLine: ['run', '--seed', '7'] })).toBe('loads run --seed 7');
});

test('of a run that does not know how it was called the plan says it', () => {
  expect(repeatCommand({ plan })).toBe('loads run shop.ts -t http://127.0.0.1:8080 -w 20 -d 20s --nodes 2 --seed 7');
  const model = { kind: 'workers' as const, profile: [{ forMs: 30_000, from: 0, to: 50 }] };
  expect(repeatCommand({ plan: { ...plan, load: [{ atMs: 0, durationMs: 30_000, model }] } })).toContain(' -s 30s:50 ');
});

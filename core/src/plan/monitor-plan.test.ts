import { expect, test } from 'vitest';
import { MOST_MONITORS, monitorsOf, monitorsSchema } from './monitor-plan.ts';

function problems(monitors: unknown): readonly string[] {
  return (monitorsSchema.safeParse(monitors).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );
}

test('monitors are hosts by name, with a token or without', () => {
  const monitors = { db: { url: 'http://db:8126', token: 'secret' }, app: { url: 'https://app/loads' } };
  expect(monitorsOf(monitorsSchema.parse(monitors))).toEqual({
    monitors: [
      { name: 'db', url: 'http://db:8126', token: 'secret' },
      { name: 'app', url: 'https://app/loads' },
    ],
  });
  expect(monitorsOf({})).toEqual({});
});

test('what is no URL, has a secret in it, or is too much is told', () => {
  expect(problems({ db: { url: 'db:8126' } })).toEqual([
    'db.url: expected an http or https URL such as http://db:8126',
  ]);
  expect(problems({ db: { url: 'http://u:p@db' } })).toEqual([
    'db.url: a secret does not belong into the URL: say it as `token`',
  ]);
  expect(problems({ db: { url: 'http://db', token: '' } })).toEqual(['db.token: expected a text that is not empty']);
  const many = Object.fromEntries(Array.from({ length: MOST_MONITORS + 1 }, (_, i) => [`h${i}`, { url: 'http://h' }]));
  expect(problems(many)).toEqual([': expected at most 32 hosts']);
});

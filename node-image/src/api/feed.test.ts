import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { csv, feed, feedSetting, jsonLines } from './feed.ts';

const original = { ...feedSetting };
afterEach(() => void Object.assign(feedSetting, original));

async function withFile<Result>(name: string, content: string, run: () => Result): Promise<Result> {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-feed-'));
  await writeFile(join(dir.path, name), content);
  feedSetting.baseDir = dir.path;
  return run();
}

test('a CSV file gives rows by the names in its first line, quoted as RFC 4180 has it', async () => {
  const text = '\ufeffname,note\r\nann,"a ""quoted"", note"\r\nbob,"two\nlines"\r\n';
  expect(await withFile('users.csv', text, () => csv('users.csv'))).toEqual([
    { name: 'ann', note: 'a "quoted", note' },
    { name: 'bob', note: 'two\nlines' },
  ]);
  const bare = await withFile('bare.csv', 'ann;1\n', () =>
    csv('bare.csv', { delimiter: ';', columns: ['name', 'id'] }),
  );
  expect(bare).toEqual([{ name: 'ann', id: '1' }]);
});

test('a file of JSON lines gives their values', async () => {
  expect(await withFile('x.jsonl', '{"a":1}\n\n[2]\n', () => jsonLines('x.jsonl'))).toEqual([{ a: 1 }, [2]]);
});

test.each<[string, string, () => unknown, RegExp]>([
  ['is not there', 'a.csv', () => csv('b.csv'), /^the data file b.csv cannot be read: ENOENT/],
  ['has a broken row', 'a.csv', () => csv('a.csv'), /^the data file a.csv cannot be read: /],
  ['is no JSON', 'a.csv', () => jsonLines('a.csv'), /^the data file a.csv cannot be read: line 1 is no JSON$/],
])('a file that %s is refused', async (_, name, read, message) => {
  await expect(withFile(name, 'a,b\n1,2,3\n', read)).rejects.toMatchObject({
    code: 'ERR_SCENARIO_LOAD',
    message: expect.stringMatching(message),
  });
});

test('a feeder gives out what is its own process’s, which it knows when the run begins', () => {
  const rows = ['a', 'b', 'c', 'd', 'e'];
  const sequential = feed(rows);
  const unique = feed(rows, { order: 'unique' });
  feedSetting.place = { slot: { index: 0, count: 1 }, uniqueSlot: { index: 1, count: 2 }, seed: 1 };
  expect(Array.from({ length: 6 }, () => sequential.next())).toEqual(['a', 'b', 'c', 'd', 'e', 'a']);
  expect([unique.next(), unique.next()]).toEqual(['b', 'd']);
  expect(() => unique.next()).toThrow('the feeder has no row left');
  expect(unique.size).toBe(5);
});

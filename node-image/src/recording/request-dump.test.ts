import { expect, test } from 'vitest';
import { requestDump } from './request-dump.ts';
import { requestSample } from './samples.test.fixture.ts';

const body = [Buffer.from('hello')];

test('requests are shown with their heads, and with their bodies where that is asked for', () => {
  const written: string[] = [];
  const write = (text: string): unknown => written.push(text);
  requestDump('heads', write)?.('buy', requestSample({ name: 'list items' }), body);
  requestDump('bodies', write)?.('buy', requestSample({ name: 'list items', failure: 'status' }), body);
  expect(written).toEqual([
    '* buy: list items\n> GET http://shop/\n< 200 after 8.0ms\n',
    '* buy: list items failed: status\n> GET http://shop/\n< 200 after 8.0ms\n<\n< hello\n',
  ]);
  expect(requestDump(undefined, write)).toBeUndefined();
});

test('no more is shown than somebody can read, and what is left out is counted', () => {
  const written: string[] = [];
  let nowMs = 0;
  const dump = requestDump(
    'heads',
    (text) => written.push(text),
    () => nowMs,
  );
  for (let i = 0; i < 1000; i++) dump?.('buy', requestSample(), body);
  expect(written).toHaveLength(50);
  nowMs = 1000;
  dump?.('buy', requestSample(), body);
  dump?.('buy', requestSample(), body);
  expect(written.slice(50).map((text) => text.split('\n')[0])).toEqual([
    '* 950 more requests are not shown',
    '* buy: GET /',
  ]);
});

test('a long run does not fill the disk', () => {
  let [characters, nowMs, last] = [0, 0, ''];
  const dump = requestDump(
    'bodies',
    (text) => {
      characters += text.length;
      last = text;
    },
    () => (nowMs += 1000),
  );
  for (let i = 0; i < 20_000; i++) dump?.('buy', requestSample(), [Buffer.alloc(1024, 'x')]);
  expect(characters).toBeLessThan(17 << 20);
  expect(last).toMatch(/\* further requests are not shown\n$/);
});

import { expect, test } from 'vitest';
import { Inbox } from './inbox.ts';

function inboxOf(log: string[] = []): Inbox<string> {
  return new Inbox({
    sizeOf: ({ length }) => length,
    pause: () => log.push('pause'),
    resume: () => log.push('resume'),
  });
}

test('items are given out in the order in which they came, whoever was first', async () => {
  const inbox = inboxOf();
  inbox.push('a');
  inbox.push('b');
  expect(await inbox.take()).toBe('a');
  expect(await inbox.take()).toBe('b');
  const [third, fourth] = [inbox.take(), inbox.take()];
  inbox.push('c');
  inbox.push('d');
  expect(await Promise.all([third, fourth])).toEqual(['c', 'd']);
});

test('who waits for a match reads over what is before it', async () => {
  const inbox = inboxOf();
  for (const item of ['a', 'b', 'x1', 'c']) inbox.push(item);
  expect(await inbox.take(undefined, (item) => item.startsWith('x'))).toBe('x1');
  expect(await inbox.take()).toBe('c');
  const waiting = inbox.take(undefined, (item) => item.startsWith('x'));
  for (const item of ['d', 'x2', 'e']) inbox.push(item);
  expect([await waiting, await inbox.take()]).toEqual(['x2', 'e']);
});

test('a match that throws is told to who gave it, and the next reader goes on', async () => {
  const inbox = inboxOf();
  const broken = inbox.take(undefined, () => {
    throw new Error('no JSON');
  });
  const next = inbox.take();
  inbox.push('a');
  await expect(broken).rejects.toThrow('no JSON');
  inbox.push('b');
  expect(await next).toBe('b');
});

test('who has waited for too long gets the error of the limit, and takes nothing', async () => {
  const inbox = inboxOf();
  await expect(inbox.take({ timeoutMs: 5, late: () => new Error('late') })).rejects.toThrow('late');
  inbox.push('a');
  expect(await inbox.take({ timeoutMs: 5, late: () => new Error('late') })).toBe('a');
});

test.each([
  ['an error', new Error('gone')],
  ['none', undefined],
])('after an end with %s what is there can be read, and then no more', async (_, error) => {
  const inbox = inboxOf();
  inbox.push('a');
  inbox.end(error);
  inbox.push('b');
  expect(await inbox.take()).toBe('a');
  if (error) await expect(inbox.take()).rejects.toBe(error);
  else expect(await inbox.take()).toBeUndefined();
});

test('an end is told to all who wait', async () => {
  const inbox = inboxOf();
  const waiting = [inbox.take(), inbox.take()];
  expect(inbox.isAwaited).toBe(true);
  inbox.end();
  expect(await Promise.all(waiting)).toEqual([undefined, undefined]);
});

test('the peer has to wait when too many or too large items are unread, until there is room', async () => {
  const log: string[] = [];
  const inbox = inboxOf(log);
  for (let i = 0; i < 1000; i++) inbox.push('a');
  expect(log).toEqual(['pause']);
  await inbox.take();
  expect(log).toEqual(['pause', 'resume']);
  const large = inboxOf(log);
  large.push('x'.repeat(4 << 20));
  await large.take();
  expect(log).toEqual(['pause', 'resume', 'pause', 'resume']);
});

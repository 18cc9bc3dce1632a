import { expect, test } from 'vitest';
import { faultEvent } from '../fault-event.test.fixture.ts';
import { TestApi } from './api.test.support.ts';

/** A reader of server-sent events. */
class Reader implements AsyncDisposable {
  readonly #leave = new AbortController();
  readonly #reading: Promise<void>;
  text = '';

  constructor(url: string, headers: Record<string, string> = {}) {
    this.#reading = this.#read(url, headers).catch(() => undefined);
  }

  get ids(): readonly number[] {
    return [...this.text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
  }

  async #read(url: string, headers: Record<string, string>): Promise<void> {
    const response = await fetch(url, { headers, signal: this.#leave.signal });
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) this.text += decoder.decode(chunk, { stream: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leave.abort();
    await this.#reading;
  }
}

test('faults are streamed as they are injected, and the stream beats', async () => {
  await using api = await TestApi.start({ behavior: 'error', code: 503 });
  await using reader = new Reader(`${api.url}/events`);
  await expect.poll(() => reader.text).toContain('retry: 1000\n\n');
  await api.ask();
  await expect.poll(() => reader.ids).toEqual([1]);
  const data = JSON.parse(/^data: (.*)$/m.exec(reader.text)?.[1] ?? '') as unknown;
  expect(data).toMatchObject({
    seq: 1,
    id: '0-web-1-1',
    proxy: 'web',
    behavior: 'error',
    rule: 'always',
    operation: 'GET /',
    point: 'before',
  });
  api.clock.pass(15_000);
  await expect.poll(() => reader.text).toContain(': heartbeat\n\n');
  expect(reader.text).toContain('event: fault\n');
});

test('who comes back gets what it missed, and is told what is not kept', async () => {
  await using api = await TestApi.start();
  for (let n = 1; n <= 1005; n++) api.vaurien.faults.add(faultEvent({ request: n, proxy: n % 2 === 0 ? 'web' : 'db' }));
  await using reader = new Reader(`${api.url}/events`, { 'Last-Event-ID': '1002' });
  await expect.poll(() => reader.ids).toEqual([1003, 1004, 1005]);
  expect(reader.text).not.toContain('lost');
  await using late = new Reader(`${api.url}/events?since=2`);
  await expect.poll(() => late.ids.at(-1)).toBe(1005);
  expect(late.text).toContain('event: lost\ndata: {"count":3}\n\n');
  await using web = new Reader(`${api.url}/events?since=1001&proxy=web`);
  await expect.poll(() => web.ids).toEqual([1002, 1004]);
});

test('a reader that leaves is forgotten', async () => {
  await using api = await TestApi.start();
  {
    await using reader = new Reader(`${api.url}/events`);
    await expect.poll(() => reader.text).toContain('retry');
    expect(api.clock.waiting).toBe(1);
  }
  await expect.poll(() => api.clock.waiting).toBe(0);
});

test('the faults are also given as a list', async () => {
  await using api = await TestApi.start();
  for (let n = 1; n <= 3; n++) api.vaurien.faults.add(faultEvent({ request: n }));
  expect((await api.send('GET', '/events?format=json&since=1')).body).toMatchObject({
    lost: 0,
    events: [{ seq: 2 }, { seq: 3 }],
  });
  expect((await api.send('GET', '/events?format=json&proxy=db')).body).toEqual({ lost: 0, events: [] });
});

test.each([
  ['/events?since=x', {}, { location: 'querystring', name: 'since' }],
  ['/events', { 'Last-Event-ID': '-1' }, { location: 'header', name: 'Last-Event-ID' }],
])('%s with %j is refused', async (path, headers, item) => {
  await using api = await TestApi.start();
  const { status, body } = await api.send('GET', path, undefined, headers);
  expect([status, body]).toMatchObject([400, { errors: [item] }]);
});

import { expect, test } from 'vitest';
import { type Abortable, takeBack, tellOfAbort } from './abort-list.ts';

function listener(heard: string[], name: string, then: () => void = () => undefined): Abortable {
  return {
    onAbort() {
      heard.push(name);
      then();
    },
  };
}

test('tells every item once, and none that was taken back', () => {
  const { signal, abort } = aborting();
  const heard: string[] = [];
  const [a, b, c] = ['a', 'b', 'c'].map((name) => listener(heard, name)) as [Abortable, Abortable, Abortable];
  for (const item of [a, b, c, a]) tellOfAbort(signal, item);
  takeBack(signal, b);
  abort();
  abort();
  expect(heard).toEqual(['a', 'c']);
});

test('an item that takes itself or another one back meanwhile keeps nobody from hearing', () => {
  const { signal, abort } = aborting();
  const heard: string[] = [];
  const second = listener(heard, 'second');
  const first: Abortable = listener(heard, 'first', () => takeBack(signal, first));
  tellOfAbort(signal, first);
  tellOfAbort(signal, second);
  abort();
  expect(heard).toEqual(['first', 'second']);
});

test('signals have lists of their own', () => {
  const [one, other] = [aborting(), aborting()];
  const heard: string[] = [];
  tellOfAbort(one.signal, listener(heard, 'one'));
  tellOfAbort(other.signal, listener(heard, 'other'));
  other.abort();
  expect(heard).toEqual(['other']);
});

function aborting(): { readonly signal: AbortSignal; readonly abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { NdjsonWriter } from './ndjson-writer.ts';

/** A stream whose reader takes what it gets only when it is let. */
function stream(): { readonly sink: Writable; readonly text: () => string; release(): void } {
  let text = '';
  let held: (() => void) | undefined;
  let free = false;
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      if (free) done();
      else held = done;
    },
  });
  return {
    sink,
    text: () => text,
    release() {
      free = true;
      held?.();
    },
  };
}

test('records are lines, and all are written at the end', async () => {
  const { sink, text, release } = stream();
  {
    await using writer = new NdjsonWriter(sink, { keepOpen: false });
    writer.write({ a: 1 });
    writer.write({ b: 'x\ny' });
    release();
  }
  expect(text()).toBe('{"a":1}\n{"b":"x\\ny"}\n');
});

test('what a reader does not take is dropped, counted and told', async () => {
  const { sink, text, release } = stream();
  await using writer = new NdjsonWriter(sink, { keepOpen: false });
  const record = { filler: 'x'.repeat(1024 * 1024) };
  for (let n = 0; n < 7; n++) writer.write(record);
  expect(writer.dropped).toBe(3);
  release();
  await expect.poll(() => sink.writableLength).toBe(0);
  writer.write({ last: true });
  expect(text().endsWith('{"dropped":3}\n{"last":true}\n')).toBe(true);
});

test('a stream that fails ends nothing', async () => {
  const { sink } = stream();
  await using writer = new NdjsonWriter(sink, { keepOpen: false });
  sink.destroy(new Error('disk full'));
  await expect.poll(() => sink.closed).toBe(true);
  writer.write({ a: 1 });
  expect(writer.dropped).toBe(1);
});

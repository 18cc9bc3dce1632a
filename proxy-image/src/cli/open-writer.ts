import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { LoadsError } from '@loads/core';
import { NdjsonWriter } from '../control/ndjson-writer.ts';

/** Opens a file for lines of JSON, which are added to it; `-` is stderr. Throws ERR_CONFIG when it cannot be opened. */
export async function openWriter(
  file: string,
  stderr: NodeJS.WritableStream & NodeJS.WriteStream,
): Promise<NdjsonWriter> {
  if (file === '-') return new NdjsonWriter(stderr, { keepOpen: true });
  const stream = createWriteStream(file, { flags: 'a' });
  try {
    await once(stream, 'open');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LoadsError('ERR_CONFIG', `${file} cannot be written: ${why}`, { cause });
  }
  return new NdjsonWriter(stream, { keepOpen: false });
}

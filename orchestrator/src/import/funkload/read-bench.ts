import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { LoadsError } from '@loads/core';
import { type BenchRecord, benchRecord } from './bench-record.ts';
import { XmlRecords } from './xml-records.ts';

/** What a result file of FunkLoad has besides its measurements. */
export type BenchFile = {
  readonly file: string;
  readonly version: string | undefined;
  readonly config: ReadonlyMap<string, string>;
  readonly records: number;
  /** Places that could not be read. */
  readonly damaged: number;
  /** Whether it was written to its end. */
  readonly closed: boolean;
  /** Samples of monitored hosts. */
  readonly monitored: number;
};

const RECORDS: ReadonlySet<string> = new Set(['config', 'response', 'testResult', 'monitor', 'monitorconfig']);
const CHUNK_BYTES = 1 << 20;

/**
 * Reads a result file of FunkLoad from its begin to its end, and gives each measurement as it comes. Throws ERR_FILE_MISSING, and
 * ERR_IMPORT for what is no such file.
 */
export async function readBench(path: string, onRecord: (record: BenchRecord) => void): Promise<BenchFile> {
  const file = basename(path);
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile())
    throw new LoadsError('ERR_FILE_MISSING', found ? `${path} is no file` : `there is no file ${path}`);
  let version: string | undefined;
  let isBench = false;
  let [records, malformed, monitored] = [0, 0, 0];
  const config = new Map<string, string>();
  const reader = new XmlRecords({
    root: 'funkload',
    records: RECORDS,
    onRecord(record) {
      const { name, attributes } = record;
      if (name === 'funkload') {
        isBench = true;
        version = attributes.get('version');
      } else if (name === 'config') config.set(attributes.get('key') ?? '', attributes.get('value') ?? '');
      else if (name === 'monitor' || name === 'monitorconfig') monitored += 1;
      else {
        const read = name === 'response' || name === 'testResult' ? benchRecord(record) : undefined;
        if (read) {
          records += 1;
          onRecord(read);
        } else malformed += 1;
      }
    },
  });
  // Pages are in it as the services sent them: whatever their encoding, the records are ASCII.
  const decoder = new TextDecoder('utf-8');
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    reader.write(decoder.decode(chunk as Uint8Array, { stream: true }));
    if (!isBench && reader.damaged > 0) break;
  }
  reader.end();
  if (!isBench) throw new LoadsError('ERR_IMPORT', `${file} is no result file of FunkLoad: it has no <funkload>`);
  const { damaged, closed } = reader;
  return { file, version, config, records, damaged: damaged + malformed, closed, monitored };
}

import { openAsBlob } from 'node:fs';
import { basename, resolve } from 'node:path';
import { feedSetting } from './feed.ts';

export type FileOptions = {
  /** Its content type. Default: `application/octet-stream`. */
  readonly type?: string | undefined;
  /** The name that a form tells. Default: that of the file. */
  readonly name?: string | undefined;
};

/**
 * Opens a file to send, as a body or in a form: `http.post('/photos', { body: await file('cat.jpg') })`. The path starts at the scenario
 * file. It is read while it is sent, each time anew, and never as a whole; one that has been changed since fails its request.
 * Rejects when there is no such file.
 */
export async function file(path: string, { type = 'application/octet-stream', name }: FileOptions = {}): Promise<File> {
  const blob = await openAsBlob(resolve(feedSetting.baseDir, path), { type });
  return new File([blob], name ?? basename(path), { type });
}

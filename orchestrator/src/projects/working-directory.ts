import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LoadsError } from '@loads/core';

/** The folder where a run's scenario processes and programs work, below `base`; it is made. Throws ERR_USAGE when it cannot be. */
export async function workingDirectory(base: string, folder: string): Promise<string> {
  const path = resolve(base, folder);
  try {
    await mkdir(path, { recursive: true });
    return path;
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new LoadsError('ERR_USAGE', `--workdir ${folder} cannot be made (${reason})`, { cause });
  }
}

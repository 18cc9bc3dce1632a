import { open } from 'node:fs/promises';

/** What V8 says at its end is followed by a stack of native code: it is all in so many bytes. */
const BYTES = 64 * 1024;

/** The end of what a process has written; nothing when its file is not there. */
export async function lastOutput(path: string): Promise<string> {
  const file = await open(path).catch(() => undefined);
  if (!file) return '';
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, BYTES)), {
      position: Math.max(0, size - BYTES),
    });
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

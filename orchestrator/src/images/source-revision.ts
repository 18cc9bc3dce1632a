import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Image } from './image.ts';
import { packageFile } from './installed-package.ts';

/**
 * The commit that an image's package is built from, with `-dirty` where the files differ from it. Undefined when the
 * package was installed: a repository around it is the user's.
 */
export async function sourceRevision(image: Image): Promise<string | undefined> {
  const folder = packageFile(image, '');
  if (/[\\/]node_modules[\\/]/.test(folder)) return undefined;
  try {
    const { stdout } = await promisify(execFile)('git', [
      ...['-C', folder, 'describe', '--always', '--abbrev=40', '--dirty', '--exclude=*'],
    ]);
    return stdout.trim();
  } catch {
    // Neither git nor a repository: the revision is a note, and the build does not depend on it.
    return undefined;
  }
}

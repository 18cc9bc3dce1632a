import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Image } from './image.ts';

/** Where the package of an image is installed: in a checkout of the repository, or below node_modules. */
export function packageFile(image: Image, path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.resolve(image.package)));
}

/** The version of the package of an image, which is the image's as well. */
export async function packageVersion(image: Image): Promise<string> {
  const { version } = JSON.parse(await readFile(packageFile(image, 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** The one file that its image holds: a part of the package. */
export function bundleOf(image: Image): string {
  return packageFile(image, `dist/image/${basename(image.bundle)}`);
}

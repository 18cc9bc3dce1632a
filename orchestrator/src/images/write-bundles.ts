// Puts the bundles where the Dockerfiles look for them, for a plain `docker build` in a checkout (npm run images:bundle).
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { bundle } from './bundle.ts';
import { IMAGES } from './image.ts';
import { packageFile } from './installed-package.ts';

for (const image of Object.values(IMAGES)) {
  const file = packageFile(image, `dist/image/${basename(image.bundle)}`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, await bundle(image), { mode: 0o755 });
  // The engine keeps it in the image, as `loads images build` does.
  await utimes(file, 0, 0);
}

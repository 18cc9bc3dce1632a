// Writes the scripts of all packages, the files of the images and what reports have in them: `npm run build`, after the compiler.
import { join } from 'node:path';
import { bundleImage, IMAGE_FILES } from './bundle-image.ts';
import { bundlePackage } from './bundle-package.ts';
import { bundleReport } from './bundle-report.ts';
import { PACKAGES } from './packages.ts';
import { ROOT } from './root.ts';
import { put, removeOthers } from './written.ts';

await Promise.all([
  ...PACKAGES.map(async (one) => {
    const outputs = await bundlePackage(one);
    await Promise.all(outputs.map(put));
    await removeOthers(join(ROOT, one.folder, 'dist'), outputs);
  }),
  ...IMAGE_FILES.map(async (one) => put(await bundleImage(one))),
  bundleReport().then(({ script, styles }) => Promise.all([put(script), put(styles)])),
]);

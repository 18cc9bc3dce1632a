import { extname } from 'node:path';

/**
 * This package's own entry, as source or built: the scenario must write into the registry of this very copy. In the
 * image, where everything is one file, the bundler puts that file here.
 */
export const OWN_ENTRY: string = new URL(`../index${extname(import.meta.url)}`, import.meta.url).href;

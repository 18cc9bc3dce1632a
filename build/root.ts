import { join } from 'node:path';

/** The root of the checkout. */
export const ROOT: string = join(import.meta.dirname, '..');

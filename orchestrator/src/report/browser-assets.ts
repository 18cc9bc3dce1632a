import { readFile } from 'node:fs/promises';

/** What a report needs in the browser: its script, with the charts in it, and the style of the charts. */
export type BrowserAssets = { readonly script: string; readonly styles: string };

/** Where `write-browser-assets` puts them: in `dist`, which an installed package has, whether this is run from there or from `src`. */
export const ASSETS_FOLDER: URL = new URL('../../dist/report/assets/', import.meta.url);

/** Reads them. Rejects in a checkout that was not built. */
export async function readBrowserAssets(): Promise<BrowserAssets> {
  const read = (name: string): Promise<string> => readFile(new URL(name, ASSETS_FOLDER), 'utf8');
  try {
    const [script, styles] = await Promise.all([read('report.js'), read('report.css')]);
    return { script, styles };
  } catch (cause) {
    throw new Error('the script of reports is not there: this checkout was not built (npm run build)', { cause });
  }
}

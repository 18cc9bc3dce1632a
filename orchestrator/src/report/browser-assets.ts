import { readFile } from 'node:fs/promises';

/** What a report needs in the browser: its script, with the charts in it, and the style of the charts. */
export type BrowserAssets = { readonly script: string; readonly styles: string };

/** Where the build puts them. */
const FOLDER: URL = new URL('./report/', import.meta.resolve('@loads/orchestrator'));

/** Reads them. Rejects in a checkout that was not built. */
export async function readBrowserAssets(): Promise<BrowserAssets> {
  const read = (name: string): Promise<string> => readFile(new URL(name, FOLDER), 'utf8');
  try {
    const [script, styles] = await Promise.all([read('report.js'), read('report.css')]);
    return { script, styles };
  } catch (cause) {
    throw new Error('the script of reports is not there: this checkout was not built (npm run build)', { cause });
  }
}

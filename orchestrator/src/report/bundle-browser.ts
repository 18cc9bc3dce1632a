import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { BrowserAssets } from './browser-assets.ts';

const ENTRY = fileURLToPath(new URL('../../src/report/browser/main.ts', import.meta.url));

/** Makes the script and the style of reports out of their source, with the licence of the library that is in them. */
export async function bundleBrowser(): Promise<BrowserAssets> {
  // Only where the project is built.
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    write: false,
    minify: true,
    // It stands in the page, where a module would begin later than the page is shown.
    format: 'iife',
    platform: 'browser',
    target: ['es2022', 'chrome110', 'firefox110', 'safari16'],
    legalComments: 'none',
    logLevel: 'silent',
    outdir: 'assets',
  });
  const text = (end: string): string => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? '';
  const licence = await readFile(new URL('../LICENSE', import.meta.resolve('uplot')), 'utf8');
  const notice = `/*! uPlot\n${licence.trim()}\n*/\n`;
  // `</script` would end the element in which the script stands.
  const script = `${notice}${text('.js')}`.replaceAll(/<\/(script)/gi, '<\\/$1').replaceAll('<!--', '<\\!--');
  return { script, styles: `${notice}${text('.css')}` };
}

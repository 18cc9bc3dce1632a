import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ROOT } from './root.ts';
import type { Output } from './written.ts';

/** Makes the script and the style of reports out of their source, with the licence of the library that is in them. */
export async function bundleReport(): Promise<{ readonly script: Output; readonly styles: Output }> {
  const home = join(ROOT, 'orchestrator');
  const { outputFiles } = await build({
    entryPoints: [join(home, 'src/report/browser/main.ts')],
    bundle: true,
    write: false,
    minify: true,
    // It stands in the page, where a module would begin later than the page is shown.
    format: 'iife',
    platform: 'browser',
    target: ['es2022', 'chrome110', 'firefox110', 'safari16'],
    // Only what the page needs of it.
    alias: { '@loads/core': join(ROOT, 'core/src/index.ts') },
    legalComments: 'none',
    logLevel: 'silent',
    outdir: 'assets',
  });
  const text = (end: string): string => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? '';
  const licence = await readFile(new URL('../LICENSE', import.meta.resolve('uplot')), 'utf8');
  const notice = `/*! uPlot\n${licence.trim()}\n*/\n`;
  // `</script` would end the element in which the script stands.
  const script = `${notice}${text('.js')}`.replaceAll(/<\/(script)/gi, '<\\/$1').replaceAll('<!--', '<\\!--');
  const file = (name: string, contents: string): Output => ({ path: join(home, 'dist/report', name), contents });
  return { script: file('report.js', script), styles: file('report.css', `${notice}${text('.css')}`) };
}

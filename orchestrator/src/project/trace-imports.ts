import { resolve } from 'node:path';

/** What every node has. */
const PROVIDED = ['@loads/node', '@loads/vaurien', '@loads/core'];

/**
 * The files that modules import, directly or not, as absolute paths: their own, and those of packages. What cannot be
 * resolved is not among them; it shows when the modules are loaded.
 */
export async function traceImports(entries: readonly string[], directory: string): Promise<readonly string[]> {
  // Only here: runs on this machine do not need it.
  const { build } = await import('esbuild');
  const result = await build({
    entryPoints: [...entries],
    absWorkingDir: directory,
    outdir: 'out',
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    external: PROVIDED,
    // A package is to be where it is imported from, not where a link leads to.
    preserveSymlinks: true,
    loader: { '.node': 'empty', '.wasm': 'empty', '.csv': 'empty', '.txt': 'empty' },
    logLevel: 'silent',
  }).catch(() => undefined);
  return Object.keys(result?.metafile.inputs ?? {}).map((path) => resolve(directory, path));
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Package, REQUIRE } from './packages.ts';
import { giving, replaced } from './replaced.ts';
import { ROOT } from './root.ts';
import type { Output } from './written.ts';

type Manifest = { readonly dependencies?: Readonly<Record<string, string>> };

/**
 * Makes the scripts of a package's `dist`. To find and read a module costs a start about a millisecond of CPU, and a run is
 * four starts: each entry is one file, and what is loaded on demand or shared stands beside it.
 */
export async function bundlePackage({
  folder,
  entries,
  stands = {},
  inlined = [],
  given = {},
}: Package): Promise<readonly Output[]> {
  const home = join(ROOT, folder);
  const { dependencies = {} } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8')) as Manifest;
  const external = Object.keys(dependencies).filter((name) => !inlined.includes(name));
  const { outputFiles } = await build({
    entryPoints: Object.fromEntries(Object.entries(entries).map(([name, source]) => [name, join(home, source)])),
    outdir: join(home, 'dist'),
    // Who asks for the folder that it lies in gets the same answer in each of them.
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // The last is an accelerator of hot-shots, which is used where it is installed.
    external: [...external.flatMap((name) => [name, `${name}/*`]), 'unix-dgram'],
    banner: inlined.length > 0 ? { js: REQUIRE } : {},
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'eof',
    logLevel: 'silent',
    absWorkingDir: home,
    plugins: [replaced(home, stands), giving(given)],
  });
  return outputFiles;
}

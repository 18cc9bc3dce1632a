import { join } from 'node:path';
import { build } from 'esbuild';
import { IMAGE_FLAGS } from '../orchestrator/src/launch/scenario-flags.ts';
import { constant, QUIET_URL, REQUIRE } from './packages.ts';
import { giving, type Replacements, replaced } from './replaced.ts';
import { ROOT } from './root.ts';
import type { Output } from './written.ts';

/** The one file of an image. */
export type ImageFile = {
  readonly folder: string;
  readonly file: string;
  /** What Node is started with. */
  readonly flags: readonly string[];
  readonly stands: Replacements;
};

export const IMAGE_FILES: readonly ImageFile[] = [
  {
    folder: 'node-image',
    file: 'dist/image/loads-node.mjs',
    flags: IMAGE_FLAGS,
    stands: { 'runtime/own-entry.ts': () => 'export const OWN_ENTRY = import.meta.url;' },
  },
  {
    folder: 'proxy-image',
    file: 'dist/image/vaurien.mjs',
    flags: [],
    stands: { 'cli/version.ts': (version) => constant('packageVersion', version) },
  },
];

/** Images run it, so it has to be found by name. */
const SHEBANG = '#!/usr/bin/env -S node';

/**
 * Makes the one file of an image: the package with all that it depends on, also what it loads on demand. The same source
 * gives the same bytes.
 */
export async function bundleImage({ folder, file, flags, stands }: ImageFile): Promise<Output> {
  const home = join(ROOT, folder);
  const { outputFiles } = await build({
    entryPoints: [join(home, 'src/image/entry.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // Its own copy of what is in core, for plug-ins, would be another than core's.
    alias: { '@loads/core': join(ROOT, 'core/src/index.ts') },
    // Accelerators that are used where they are installed, and are not.
    external: ['bufferutil', 'utf-8-validate', 'unix-dgram'],
    banner: { js: `${[SHEBANG, ...flags].join(' ')}\n${REQUIRE}` },
    legalComments: 'eof',
    logLevel: 'silent',
    absWorkingDir: home,
    plugins: [replaced(home, stands), giving({ url: QUIET_URL })],
  });
  const [bundled] = outputFiles;
  if (!bundled) throw new Error(`esbuild made no file of ${folder}`);
  return { path: join(home, file), contents: bundled.contents, mode: 0o755, time: 0 };
}

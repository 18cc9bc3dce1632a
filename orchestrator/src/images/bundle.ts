import type { Plugin } from 'esbuild';
import type { Image } from './image.ts';
import { packageFile, packageVersion } from './installed-package.ts';

/** Scenarios run it, so it has to be found by name; the flag silences what is no fault of a scenario in a folder of its own. */
const SHEBANG = '#!/usr/bin/env -S node --disable-warning=MODULE_TYPELESS_PACKAGE_JSON';
/** What CommonJS among the dependencies calls for Node's own modules. */
const REQUIRE =
  "import { createRequire as createRequireOfBundle } from 'node:module';\nconst require = createRequireOfBundle(import.meta.url);";

/**
 * Makes the one file of an image: the built package with all that it depends on, also what it loads on demand. The same
 * source gives the same bytes.
 */
export async function bundle(image: Image): Promise<Uint8Array> {
  // Only here: a run on this machine does not need it.
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [packageFile(image, 'dist/image/entry.js')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // Accelerators that are used where they are installed, and are not.
    external: ['bufferutil', 'utf-8-validate', 'unix-dgram'],
    banner: { js: `${SHEBANG}\n${REQUIRE}` },
    legalComments: 'eof',
    logLevel: 'silent',
    absWorkingDir: packageFile(image, ''),
    plugins: [replacing(image, await packageVersion(image))],
  });
  const [file] = outputFiles;
  if (!file) throw new Error(`esbuild made no file of ${image.package}`);
  return file.contents;
}

/** Puts in the modules that stand for those that know where they lie. A bundle without them would be broken, so all have to be met. */
function replacing({ package: name, replaced }: Image, version: string): Plugin {
  return {
    name: 'replaced',
    setup({ onLoad, onEnd }) {
      const met = new Set<string>();
      onLoad({ filter: /[\\/]dist[\\/].*\.js$/ }, ({ path }) => {
        const key = Object.keys(replaced).find((end) => path.replaceAll('\\', '/').endsWith(`/dist/${end}`));
        if (key === undefined) return undefined;
        met.add(key);
        return { contents: replaced[key]?.(version) ?? '' };
      });
      onEnd(() => {
        const missing = Object.keys(replaced).filter((key) => !met.has(key));
        return { errors: missing.map((key) => ({ text: `${name} has no ${key} any more` })) };
      });
    },
  };
}

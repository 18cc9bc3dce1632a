import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/** What stands for modules in a bundle, by their path below `src`; it gets the version of the package. */
export type Replacements = Readonly<Record<string, (version: string) => string>>;

/** Puts in the modules that stand for those that know where they lie. A bundle without them would be broken, so all have to be met. */
export function replaced(folder: string, replacements: Replacements): Plugin {
  return {
    name: 'replaced',
    async setup({ onLoad, onEnd }) {
      const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
      const met = new Set<string>();
      const keys = new Map(Object.keys(replacements).map((key) => [join(folder, 'src', key), key]));
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const key = keys.get(path);
        if (key === undefined) return undefined;
        met.add(key);
        return { contents: replacements[key]?.(version) ?? '' };
      });
      onEnd(() => {
        const missing = [...keys.values()].filter((key) => !met.has(key));
        return { errors: missing.map((key) => ({ text: `${folder} has no ${key} any more` })) };
      });
    },
  };
}

/** Gives dependencies what stands for modules that they ask for by name. */
export function giving(given: Readonly<Record<string, string>>): Plugin {
  return {
    name: 'given',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^[^./]/ }, ({ path, importer }) =>
        path in given && /[\\/]node_modules[\\/]/.test(importer) ? { path, namespace: 'given' } : undefined,
      );
      onLoad({ filter: /.*/, namespace: 'given' }, ({ path }) => ({ contents: given[path] ?? '' }));
    },
  };
}

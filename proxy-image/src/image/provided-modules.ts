import { registerHooks } from 'node:module';

const SCHEME = 'provided:';

/**
 * Has every module that is loaded from now on get `modules` by their names, wherever it lies: not from a folder but
 * these very objects. For a bundle, beside which there are no packages.
 */
export function provideModules(modules: Readonly<Record<string, object>>): void {
  const provided = new Map(Object.entries(modules));
  Object.assign(globalThis, { [KEY]: provided });
  registerHooks({
    resolve: (specifier, context, next) =>
      provided.has(specifier) ? { url: SCHEME + specifier, shortCircuit: true } : next(specifier, context),
    load: (url, context, next) => {
      const name = url.startsWith(SCHEME) ? url.slice(SCHEME.length) : '';
      const module = provided.get(name);
      if (!module) return next(url, context);
      return { format: 'module', source: sourceOf(name, Object.keys(module)), shortCircuit: true };
    },
  });
}

/** Where the text of a module finds the objects. */
const KEY: unique symbol = Symbol.for('loads.provided-modules');

/** The text of a module that exports what `module` has; names such as `null` and `enum` are exported as strings. */
function sourceOf(name: string, keys: readonly string[]): string {
  const lines = keys.map((key, i) => {
    const text = JSON.stringify(key);
    return `const _${i} = module[${text}];\nexport { _${i} as ${text} };`;
  });
  const found = `globalThis[Symbol.for('loads.provided-modules')].get(${JSON.stringify(name)})`;
  return [`const module = ${found};`, ...lines].join('\n');
}

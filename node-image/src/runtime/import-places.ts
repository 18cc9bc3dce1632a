import { readFileSync } from 'node:fs';
import type { LoadHookSync, ResolveHookSync } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A place in a source file, from line 1 and column 1. */
export type Place = { readonly path: string; readonly line: number; readonly column: number };

type Import = { readonly specifier: string; readonly parentURL: string };

/** Knows where modules are imported: of an import that fails Node tells the file alone. */
export class ImportPlaces {
  /** The first import of a module, by the module's URL. */
  readonly #first = new Map<string, Import>();
  readonly #failed = new WeakMap<Error, Import>();

  /** The same hook, watched. */
  resolving(hook: ResolveHookSync): ResolveHookSync {
    return (specifier, context, next) => {
      const { parentURL } = context;
      // What Loads itself imports has no place in a file of the user's.
      if (parentURL === undefined || /^(?:file|loads-[\w-]+):/.test(specifier)) return hook(specifier, context, next);
      const found = this.#watched({ specifier, parentURL }, () => hook(specifier, context, next));
      if (!this.#first.has(found.url)) this.#first.set(found.url, { specifier, parentURL });
      return found;
    };
  }

  /** The same hook, watched. */
  loading(hook: LoadHookSync): LoadHookSync {
    return (url, context, next) => this.#watched(this.#first.get(url), () => hook(url, context, next));
  }

  /** Where the import stands that an error is about, if it is about one. */
  placeOf(error: unknown): Place | undefined {
    if (!(error instanceof Error)) return undefined;
    const { specifier, parentURL } = this.#failed.get(error) ?? this.#first.get(urlIn(error)) ?? {};
    if (specifier === undefined || !parentURL?.startsWith('file:')) return undefined;
    const path = fileURLToPath(parentURL);
    const at = importIn(readFileSync(path, 'utf8'), specifier);
    return at && { path, ...at };
  }

  #watched<Result>(of: Import | undefined, run: () => Result): Result {
    try {
      return run();
    } catch (error) {
      if (of && error instanceof Error) this.#failed.set(error, of);
      throw error;
    }
  }
}

/** Some errors come after all hooks, and name the module in their text only. */
function urlIn({ message }: Error): string {
  return /"(file:[^"]+)"/.exec(message)?.[1] ?? '';
}

/** Where a source imports this specifier, comments aside. */
function importIn(source: string, specifier: string): Omit<Place, 'path'> | undefined {
  const imports = new RegExp(`\\b(?:from|import)\\s*\\(?\\s*(?=(['"])${RegExp.escape(specifier)}\\1)`, 'g');
  for (const { 0: before, index } of source.matchAll(imports)) {
    const lines = source.slice(0, index + before.length).split('\n');
    const column = (lines.at(-1)?.length ?? 0) + 1;
    const [begin = ''] = source.slice(source.lastIndexOf('\n', index) + 1).split('\n', 1);
    if (!/^\s*(?:\/[/*]|\*)/.test(begin)) return { line: lines.length, column };
  }
  return undefined;
}

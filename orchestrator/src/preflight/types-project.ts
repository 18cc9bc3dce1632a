import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';

const RUNTIME = '@loads/node';

/** Nothing is written, and what only matters for output is off. */
const CHECK_ALONE = {
  noEmit: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  composite: false,
  incremental: false,
  tsBuildInfoFile: null,
  declaration: false,
  declarationMap: false,
  emitDeclarationOnly: false,
  isolatedDeclarations: false,
} as const;

/** The `tsconfig.json` of a folder or of the nearest above it; undefined without one, or where it only refers to others. */
export async function nearestConfig(directory: string): Promise<string | undefined> {
  const path = join(directory, 'tsconfig.json');
  if (await isFile(path)) return /"files"\s*:\s*\[\s*\]/.test(await readFile(path, 'utf8')) ? undefined : path;
  const parent = dirname(directory);
  return parent === directory ? undefined : nearestConfig(parent);
}

/** The project's own settings, for these files and what they import alone. */
export async function projectOf(config: string, files: readonly string[]): Promise<object> {
  const text = await readFile(config, 'utf8');
  // Packages that are named, such as `vitest/globals`, would be looked for beside this file as well.
  const folders = /"types"/.test(text) ? ['@types', ''] : ['@types'];
  const roots = folders.flatMap((folder) => typeRootsOf(dirname(config), folder));
  const typeRoots = /"typeRoots"/.test(text) ? {} : { typeRoots: roots };
  const paths = /"paths"/.test(text) || files.every(hasRuntime) ? {} : { paths: { [RUNTIME]: [ownRuntime()] } };
  return {
    extends: config,
    files,
    include: [],
    references: [],
    compilerOptions: {
      ...CHECK_ALONE,
      rootDir: parse(config).root,
      ...typeRoots,
      ...paths,
    },
  };
}

/** Whether the project of a file has installed what scenarios import. Where it has not, they import that of `loads` itself. */
function hasRuntime(file: string): boolean {
  try {
    createRequire(file).resolve(RUNTIME);
    return true;
  } catch {
    // It is not there.
    return false;
  }
}

function ownRuntime(): string {
  return fileURLToPath(import.meta.resolve(RUNTIME)).replace(/\.js$/, '.d.ts');
}

/** Where a compiler looks for `@types` of a project: it would look beside the file that extends its configuration. */
function typeRootsOf(directory: string, folder: string): readonly string[] {
  const parent = dirname(directory);
  return [join(directory, 'node_modules', folder), ...(parent === directory ? [] : typeRootsOf(parent, folder))];
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ?? false;
}

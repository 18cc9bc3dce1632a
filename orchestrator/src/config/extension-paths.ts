import { extname, isAbsolute, resolve } from 'node:path';

const SOURCES = ['.ts', '.mts', '.js', '.mjs', '.cjs'];

/** An extension as it is named: a path (absolute then) when it looks like one, else a package as it is. */
export function extensionPath(named: string, directory: string): string {
  const isPath = named.startsWith('.') || isAbsolute(named) || SOURCES.includes(extname(named));
  return isPath ? resolve(directory, named) : named;
}

/** The same for what a configuration says, of whatever shape: what is wrong with it is for the schema to say. */
export function withExtensionPaths(
  content: Readonly<Record<string, unknown>>,
  directory: string,
): Readonly<Record<string, unknown>> {
  const { extensions } = content;
  if (typeof extensions === 'string') return { ...content, extensions: [extensionPath(extensions, directory)] };
  if (!Array.isArray(extensions)) return content;
  const paths = extensions.map((one: unknown) => (typeof one === 'string' ? extensionPath(one, directory) : one));
  return { ...content, extensions: paths };
}

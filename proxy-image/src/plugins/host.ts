/**
 * Where a plug-in that travels as one text finds `@loads/vaurien`: a property of the global object, of the process that
 * loads it. A copy of the package inside of it would have registries of its own.
 */
export const HOST_KEY = '@loads/vaurien';

/** Lends this process's `@loads/vaurien` to plug-ins that travelled. */
export async function lendPackage(): Promise<void> {
  const host = await import('../index.ts');
  Object.defineProperty(globalThis, Symbol.for(HOST_KEY), { value: host, configurable: true });
}

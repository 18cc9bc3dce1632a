import { HOST_KEY } from './host-key.ts';

/** Lends this process's `@loads/vaurien` to plug-ins that travelled. */
export async function lendPackage(): Promise<void> {
  const host = await import('../index.ts');
  Object.defineProperty(globalThis, Symbol.for(HOST_KEY), { value: host, configurable: true });
}

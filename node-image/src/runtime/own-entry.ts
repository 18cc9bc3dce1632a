/** This package's own entry: the scenario must write into the registry of this very copy. The build puts in where that is. */
export const OWN_ENTRY: string = new URL('../index.ts', import.meta.url).href;

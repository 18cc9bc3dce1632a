import { stat } from 'node:fs/promises';
import { join } from 'node:path';

/** In the order in which they are looked for. */
const CONFIGS = ['loads.yml', 'loads.yaml', 'molotov.json'] as const;

/** The configuration of a folder when none is named; loads.yml where there is none, for the message that it is not there. */
export async function defaultConfig(directory: string): Promise<string> {
  for (const name of CONFIGS) {
    const found = await stat(join(directory, name)).catch(() => undefined);
    if (found?.isFile()) return name;
  }
  return CONFIGS[0];
}

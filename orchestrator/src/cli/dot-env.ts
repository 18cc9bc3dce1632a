import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/**
 * The environment, with the `LOADS_*` variables of the folder's `.env` below it, as `docker compose` reads it: a token that
 * the stack was started with is then known here too. Nothing else of the file is taken.
 */
export function withDotEnv(env: NodeJS.ProcessEnv, path: string): NodeJS.ProcessEnv {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return env;
  }
  const own = Object.entries(parseEnv(text)).filter(([name, value]) => name.startsWith('LOADS_') && value !== '');
  return { ...Object.fromEntries(own), ...env };
}

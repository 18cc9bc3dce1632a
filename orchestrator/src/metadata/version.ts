import { readFileSync } from 'node:fs';

/** The version of this package. The build puts it in. */
export function loadsVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}

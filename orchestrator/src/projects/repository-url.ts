import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LoadsError } from '@loads/core';

/** The transports that git may use, also where one repository leads to another. */
export const GIT_PROTOCOLS: readonly string[] = ['https', 'ssh', 'file'];

/** git@example.com:shop.git, which is ssh. */
const SCP_LIKE = /^(?:([\w.-]+)@)?([\w.-]+|\[[\da-f:.]+\]):(?!\/\/)(.+)$/i;

/**
 * What git is given for the repository that a user names: a URL with https, ssh or file, ssh's short form, or a folder
 * of this machine. Throws ERR_USAGE for all else, and for a URL with a secret in it, which git would keep and show.
 */
export function repositoryUrl(text: string, directory: string): string {
  const [, scheme] = /^([a-z][a-z\d+.-]*):(?:\/\/|:)/i.exec(text) ?? [];
  if (scheme !== undefined) return checkedUrl(text, scheme.toLowerCase());
  // Before the first slash only: a folder may have a colon in its name.
  const [, user, host = ''] = SCP_LIKE.exec(text) ?? [];
  if (host !== '' && !text.split(':')[0]?.includes('/')) {
    if (host.startsWith('-') || user?.startsWith('-')) throw refused(text, 'is no host');
    return text;
  }
  if (text === '' || text.startsWith('-') || hasControl(text)) throw refused(text, 'is no repository');
  return pathToFileURL(resolve(directory, text)).href;
}

/** The name of a branch, a tag or a commit. Throws ERR_USAGE for what git might take for something else. */
export function repositoryRef(text: string): string {
  const sound = /^[A-Za-z0-9_][\w./+@#=,-]*$/.test(text) && !/\.\.|\/\/|@\{|\/$|\.lock$/.test(text);
  if (!sound) throw new LoadsError('ERR_USAGE', `--ref ${JSON.stringify(text)} is no branch, tag or commit`);
  return text;
}

function checkedUrl(text: string, scheme: string): string {
  const url = URL.parse(text);
  if (!GIT_PROTOCOLS.includes(scheme) || url === null) {
    const hint = scheme === 'http' ? 'what is run here should not come over plain http' : undefined;
    throw refused(withoutSecret(text), `is not fetched: ${GIT_PROTOCOLS.join(', ')} are`, hint);
  }
  if (url.password !== '' || (scheme === 'https' && url.username !== '')) {
    throw refused(withoutSecret(text), 'has a user in it', 'give the token as LOADS_REPO_TOKEN in the environment');
  }
  if (url.hostname.startsWith('-') || url.username.startsWith('-') || hasControl(text))
    throw refused(text, 'has no host');
  return text;
}

function withoutSecret(text: string): string {
  return text.replace(/\/\/[^/]*@/, '//');
}

function hasControl(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\u0000-\u001f\u007f]/.test(text);
}

function refused(text: string, problem: string, hint?: string): LoadsError {
  return new LoadsError('ERR_USAGE', `--repo ${text} ${problem}`, { hint });
}

/** Who asks: a user with a password (`Basic`, RFC 7617; `Digest`, RFC 7616, on request), or the bearer of a token (RFC 6750). */
export type Credentials =
  | { readonly username: string; readonly password: string; readonly scheme?: 'basic' | 'digest' | undefined }
  | { readonly bearer: string };

/** The `authorization` that says so at once; undefined for a digest, which answers a challenge of the server. */
export function authorizationOf(credentials: Credentials): string | undefined {
  if ('bearer' in credentials) return `Bearer ${credentials.bearer}`;
  const { username, password, scheme = 'basic' } = credentials;
  if (scheme === 'digest') return undefined;
  if (username.includes(':')) throw new TypeError('auth: a user name of the scheme Basic has no colon');
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

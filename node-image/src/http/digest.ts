import { createHash, randomBytes } from 'node:crypto';
import type { Credentials } from './credentials.ts';
import type { PreparedRequest } from './prepare-request.ts';
import { type ResponseHeaders, valuesOf } from './response-headers.ts';

const HASHES: ReadonlyMap<string, string> = new Map([
  ['MD5', 'md5'],
  ['SHA-256', 'sha256'],
]);

/**
 * The request again, with the answer to the challenge of a 401 (Digest access authentication, RFC 7616, with MD5 and SHA-256, quality `auth`
 * or none); undefined when there is no challenge that can be answered, or the credentials are not for a digest.
 */
export function answerTo(
  head: ResponseHeaders,
  request: PreparedRequest,
  credentials: Credentials,
  cnonce: string = randomBytes(16).toString('hex'),
): PreparedRequest | undefined {
  if (!('username' in credentials) || credentials.scheme !== 'digest') return undefined;
  const challenge = valuesOf(head, 'www-authenticate')
    .map(challengeOf)
    .find((one) => one !== undefined);
  if (challenge === undefined) return undefined;
  const { realm, nonce, algorithm, hash, session, quality, opaque } = challenge;
  const { username, password } = credentials;
  const digest = (...parts: readonly string[]): string => createHash(hash).update(parts.join(':')).digest('hex');
  const user = digest(username, realm, password);
  const secret = session ? digest(user, nonce, cnonce) : user;
  const asked = digest(request.method, request.path);
  const response = quality ? digest(secret, nonce, '00000001', cnonce, 'auth', asked) : digest(secret, nonce, asked);
  const fields = [
    `username=${quoted(username)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(request.path)}`,
    `response="${response}"`,
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
    ...(quality ? [`qop=auth, nc=00000001, cnonce="${cnonce}"`] : []),
  ];
  return { ...request, headers: { ...request.headers, authorization: `Digest ${fields.join(', ')}` } };
}

type Challenge = {
  readonly realm: string;
  readonly nonce: string;
  /** As the server writes it. */
  readonly algorithm: string | undefined;
  readonly hash: string;
  /** The password's digest holds the nonces. */
  readonly session: boolean;
  readonly quality: boolean;
  readonly opaque: string | undefined;
};

function challengeOf(value: string): Challenge | undefined {
  const [, text] = /(?:^|,)\s*Digest\s+(.*)$/is.exec(value) ?? [];
  if (text === undefined) return undefined;
  const fields = new Map<string, string>();
  for (const [, name = '', inQuotes, bare = ''] of text.matchAll(
    /([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g,
  )) {
    // What comes after may be the challenge of another scheme.
    if (!fields.has(name.toLowerCase())) fields.set(name.toLowerCase(), inQuotes?.replace(/\\(.)/g, '$1') ?? bare);
  }
  const [realm, nonce, algorithm] = [fields.get('realm'), fields.get('nonce'), fields.get('algorithm')];
  const hash = HASHES.get((algorithm ?? 'MD5').toUpperCase().replace(/-SESS$/, ''));
  const qualities = fields
    .get('qop')
    ?.split(',')
    .map((one) => one.trim());
  if (realm === undefined || nonce === undefined || hash === undefined) return undefined;
  if (qualities !== undefined && !qualities.includes('auth')) return undefined;
  const session = algorithm?.toUpperCase().endsWith('-SESS') ?? false;
  return { realm, nonce, algorithm, hash, session, quality: qualities !== undefined, opaque: fields.get('opaque') };
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

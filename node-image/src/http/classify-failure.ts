import type { FailureClass } from './failure-class.ts';

/** What the peer did to the connection, as its socket saw it. */
export type PeerConduct = {
  /** It sent a FIN. */
  readonly ended: boolean;
  /** It sent an RST. */
  readonly reset: boolean;
};

const QUIET: PeerConduct = { ended: false, reset: false };

/** Names the class of a network error by its code (Node's, OpenSSL's, undici's) and what the peer did, never by its message. */
export function classifyFailure(error: unknown, peer: PeerConduct = QUIET): FailureClass {
  const code = codeOf(error);
  if (STOPPED_SHORT.has(code) || isParserError(error)) return conductClass(peer);
  const known = CLASS_OF_CODE.get(code);
  if (known !== undefined) return known;
  if (code.startsWith('EAI_')) return 'dns';
  if (code.startsWith('ERR_HTTP2_')) return 'protocol';
  return TLS_CODE.test(code) ? 'tls' : 'other';
}

/** The code of an error, of the first attempt when all addresses of a name failed, or ''. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : '';
}

/** undici's, by its name: to load undici for it would cost every test. */
function isParserError(error: unknown): boolean {
  return error instanceof Error && error.name === 'HTTPParserError';
}

function conductClass(peer: PeerConduct): FailureClass {
  if (peer.reset) return 'reset';
  // Neither FIN nor RST: undici itself closed the connection, over something that HTTP does not allow.
  return peer.ended ? 'eof' : 'protocol';
}

/** undici gives these for a FIN, for some RSTs and for what HTTP does not allow alike, and so its parser errors, which have no code. */
const STOPPED_SHORT: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH']);

const CLASS_OF_CODE: ReadonlyMap<string, FailureClass> = new Map([
  ['ECONNREFUSED', 'refused'],
  ['ECONNRESET', 'reset'],
  ['ECONNABORTED', 'reset'],
  ['EPIPE', 'reset'],
  ['ETIMEDOUT', 'timeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
  ['UND_ERR_BODY_TIMEOUT', 'timeout'],
  // A Unix socket that is not there.
  ['ENOENT', 'refused'],
  // What a SOCKS5 proxy answers (RFC 1928, section 6): connection refused. HTTP has no status for that alone.
  ['ERR_SOCKS_REPLY_5', 'refused'],
  ['ENOTFOUND', 'dns'],
  ['EPROTO', 'tls'],
  ['UND_ERR_HEADERS_OVERFLOW', 'protocol'],
]);

/** Node's TLS errors and OpenSSL's verification errors (X509_V_ERR_*, which Node gives without that prefix). */
const TLS_CODE =
  /^(?:ERR_TLS_|ERR_SSL_|CERT_|CRL_|ERROR_IN_C|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|(?:INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)$)/;

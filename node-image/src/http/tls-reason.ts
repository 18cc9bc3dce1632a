import { codeOf } from './classify-failure.ts';

/** Why there is no TLS connection, and for a certificate that nobody vouches for what can be done; `options` names whose they are. */
export function tlsReason(cause: unknown, options: 'session' | 'connection'): string {
  const code = codeOf(cause);
  const untrusted = UNTRUSTED.get(code);
  if (untrusted === undefined) {
    const message = cause instanceof Error ? cause.message : String(cause);
    return `no TLS connection: ${message} (${code})`;
  }
  const trust = `trust it by \`tls: { ca }\` of the ${options}, or check nothing by \`tls: { rejectUnauthorized: false }\``;
  return `no TLS connection: ${untrusted} (${code}); ${trust}`;
}

const PRIVATE = 'the certificate of the server is of an authority that is not known';

/** X509_V_ERR_* as Node gives them. Its own messages tell of flags of Node, which are not the user's to set. */
const UNTRUSTED: ReadonlyMap<string, string> = new Map([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'the certificate of the server is self-signed'],
  ['SELF_SIGNED_CERT_IN_CHAIN', PRIVATE],
  ['UNABLE_TO_GET_ISSUER_CERT', PRIVATE],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', PRIVATE],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', PRIVATE],
  ['CERT_UNTRUSTED', PRIVATE],
]);

import { codeOf } from './classify-failure.ts';

/** The forward proxy itself was not reached: its target has nothing to do with it. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  /** Of the network's error. */
  readonly code: string;

  /** `proxy` is its host and port. */
  constructor(proxy: string, code: string, cause?: Error) {
    super(messageOf(proxy, code), { cause });
    this.code = code;
  }
}

/** What a connection through a proxy has come to, as a ProxyError where it did not get as far as the proxy. */
export function throughProxy(proxy: string, error: Error): Error {
  const code = codeOf(error);
  return UNREACHED.test(code) ? new ProxyError(proxy, code, error) : error;
}

/** Who connects through a proxy connects to nobody else; what the proxy says of its own attempts has other codes. */
const UNREACHED = /^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|ENOTFOUND|EAI_\w+)$/;

function messageOf(proxy: string, code: string): string {
  if (code === 'ECONNREFUSED') return `connection refused by the proxy ${proxy}`;
  if (code === 'ENOTFOUND' || code.startsWith('EAI_'))
    return `the name of the proxy ${proxy} cannot be resolved (${code})`;
  return `the proxy ${proxy} cannot be reached (${code})`;
}

/** A SOCKS5 proxy did not open a tunnel. */
export class SocksError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'SocksError';
    this.code = code;
  }
}

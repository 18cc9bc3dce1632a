/** What is wrong with a response, as a stable code. */
export type ProtocolErrorCode =
  | 'ERR_HTTP_STATUS_LINE'
  | 'ERR_HTTP_HEADER'
  | 'ERR_HTTP_HEADERS_TOO_LARGE'
  | 'ERR_HTTP_FRAMING'
  | 'ERR_HTTP_CHUNK'
  | 'ERR_HTTP_UPGRADE'
  | 'ERR_HTTP_CODING'
  | 'ERR_HTTP_BODY_TOO_LARGE';

/** Bytes of a server that are not the HTTP/1.1 response to what was asked, or more of it than the limits allow. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: ProtocolErrorCode;

  constructor(code: ProtocolErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A message that has come over a WebSocket. */
export class WebSocketMessage {
  /** Its payload. */
  readonly bytes: Buffer;
  /** It was sent as bytes, not as a text. */
  readonly isBinary: boolean;

  constructor(bytes: Buffer, isBinary: boolean) {
    this.bytes = bytes;
    this.isBinary = isBinary;
  }

  text(): string {
    return this.bytes.toString('utf8');
  }

  /** Its payload as JSON. Throws a SyntaxError where it is none. */
  json<T = unknown>(): T {
    return JSON.parse(this.text()) as T;
  }
}

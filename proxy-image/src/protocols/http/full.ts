const TEXT = 'too many connections to this proxy\n';

/** The response to whoever comes when there is no room: 503, after which the connection ends. */
export const FULL: Uint8Array = Buffer.from(
  [
    'HTTP/1.1 503 Service Unavailable',
    'connection: close',
    'retry-after: 1',
    'content-type: text/plain; charset=utf-8',
    `content-length: ${TEXT.length}`,
    '',
    TEXT,
  ].join('\r\n'),
);

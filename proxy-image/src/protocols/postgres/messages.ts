/** What the server thinks of the session's transaction: none, one that is open, one that has failed. */
export type TransactionStatus = 'I' | 'T' | 'E';

/** A message with its type and length. */
export function message(type: string, payload: string | Buffer = ''): Buffer {
  const body = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const bytes = Buffer.allocUnsafe(5 + body.length);
  bytes.write(type, 'latin1');
  bytes.writeUInt32BE(4 + body.length, 1);
  body.copy(bytes, 5);
  return bytes;
}

export function query(sql: string): Buffer {
  return message('Q', `${sql}\0`);
}

export function sync(): Buffer {
  return message('S');
}

export function ready(status: TransactionStatus): Buffer {
  return message('Z', status);
}

export function commandComplete(tag: string): Buffer {
  return message('C', `${tag}\0`);
}

/** An ErrorResponse; `code` is the SQLSTATE. */
export function errorResponse(error: {
  readonly severity: 'ERROR' | 'FATAL';
  readonly code: string;
  readonly message: string;
  readonly detail?: string | undefined;
}): Buffer {
  const { severity, code, detail } = error;
  const fields = [`S${severity}`, `V${severity}`, `C${code}`, `M${error.message}`];
  if (detail !== undefined) fields.push(`D${detail}`);
  return message('E', `${fields.map((field) => `${field.replaceAll('\0', ' ')}\0`).join('')}\0`);
}

import { randomUUID } from 'node:crypto';
import { StreamedBody } from './streamed-body.ts';

/** Form fields and files as `multipart/form-data` (RFC 7578), escaped as browsers do. Files are read while they are sent. */
export function multipartBody(form: FormData): { readonly body: StreamedBody; readonly contentType: string } {
  const boundary = `----loads-${randomUUID()}`;
  const parts: (Buffer | Blob)[] = [];
  for (const [name, value] of form) {
    parts.push(Buffer.from(partHead(boundary, name, value)));
    parts.push(typeof value === 'string' ? Buffer.from(withCrlf(value)) : value, CRLF);
  }
  parts.push(Buffer.from(`--${boundary}--\r\n`));
  return { body: new StreamedBody(parts), contentType: `multipart/form-data; boundary=${boundary}` };
}

const CRLF = Buffer.from('\r\n');

function partHead(boundary: string, name: string, value: string | File): string {
  const disposition = `--${boundary}\r\ncontent-disposition: form-data; name="${escaped(withCrlf(name))}"`;
  if (typeof value === 'string') return `${disposition}\r\n\r\n`;
  const type = value.type || 'application/octet-stream';
  return `${disposition}; filename="${escaped(value.name)}"\r\ncontent-type: ${type}\r\n\r\n`;
}

/** Lines of names and values end with CRLF (HTML standard, multipart form data). */
function withCrlf(text: string): string {
  return text.replace(/\r\n|\r|\n/g, '\r\n');
}

function escaped(name: string): string {
  return name.replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/"/g, '%22');
}

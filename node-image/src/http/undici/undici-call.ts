import type { Dispatcher } from 'undici';
import { classifyFailure, type PeerConduct } from '../classify-failure.ts';
import { throughProxy } from '../proxy-error.ts';
import { type HeaderRecord, marks, type ResponseHeaders } from '../response-headers.ts';
import type { Carried, Carrier } from '../transport.ts';
import { ProtocolError } from '../wire/protocol-error.ts';

/** undici's handler for one exchange. */
export class UndiciCall implements Dispatcher.DispatchHandler, Carrier {
  readonly #exchange: Carried;
  readonly #peer: PeerConduct;
  #controller: Dispatcher.DispatchController | undefined;
  readonly #maxBodyBytes: number;
  readonly #proxy: string | undefined;
  #bodyBytes = 0;
  #abandoned = false;

  /** `peer`: what the peer does to the connection; `proxy`: host and port of the forward proxy that undici connects to. */
  constructor(exchange: Carried, peer: PeerConduct, maxBodyBytes: number, proxy?: string) {
    this.#proxy = proxy;
    this.#maxBodyBytes = maxBodyBytes;
    this.#exchange = exchange;
    this.#peer = peer;
    exchange.carrier = this;
  }

  abandon(): void {
    this.#abandoned = true;
    this.#exchange.carrier = undefined;
    this.#controller?.abort(new Error('given up'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#abandoned) controller.abort(new Error('given up'));
    else this.#exchange.onWritten(requestBytes(this.#exchange), undefined);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: HeaderRecord): void {
    if (this.#abandoned) return;
    this.#exchange.onReceived(headBytes(headers));
    // Informational responses (RFC 9110, section 15.2) come before the one that is waited for.
    if (status >= 200) this.#exchange.onHead(new ReceivedHeaders(status, headers));
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#abandoned) return;
    this.#exchange.onReceived(chunk.length);
    this.#bodyBytes += chunk.length;
    if (this.#bodyBytes <= this.#maxBodyBytes) this.#exchange.onBody(chunk);
    else this.#refuseBody();
  }

  /** undici's own limit does not reach through a proxy. */
  #refuseBody(): void {
    const message = `the response body is larger than ${this.#maxBodyBytes} bytes`;
    this.abandon();
    this.#exchange.onFailure('other', new ProtocolError('ERR_HTTP_BODY_TOO_LARGE', message));
  }

  onResponseEnd(): void {
    if (this.#abandoned) return;
    this.#exchange.carrier = undefined;
    // undici takes an RST for the end of a body that has no stated length.
    if (this.#peer.reset) this.#exchange.onFailure('reset', new Error('connection reset'));
    else this.#exchange.onEnd();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#abandoned) return;
    this.#exchange.carrier = undefined;
    const cause = this.#proxy === undefined ? error : throughProxy(this.#proxy, error);
    this.#exchange.onFailure(classifyFailure(cause, this.#peer), cause);
  }
}

class ReceivedHeaders implements ResponseHeaders {
  readonly status: number;
  readonly headers: HeaderRecord;
  readonly marked: boolean;

  constructor(status: number, headers: HeaderRecord) {
    this.status = status;
    this.headers = headers;
    this.marked = Object.keys(headers).some(marks);
  }

  header(name: string): string | undefined {
    const value = this.headers[name];
    return typeof value === 'object' ? value[0] : value;
  }
}

/** About what a request is as text: what HTTP/2 makes of it, undici does not tell. */
function requestBytes({ request: { method, path, headers, body } }: Carried): number {
  return method.length + path.length + headBytes(headers) + (body?.length ?? 0);
}

function headBytes(headers: HeaderRecord): number {
  let bytes = 'HTTP/1.1 200 OK\r\n\r\n'.length;
  for (const [name, value] of Object.entries(headers)) {
    for (const one of typeof value === 'object' ? value : [value ?? '']) bytes += name.length + one.length + 4;
  }
  return bytes;
}

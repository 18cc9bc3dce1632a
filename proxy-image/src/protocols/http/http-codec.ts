import type { Answer, BackendStep, ClientStep, Codec, CodecLink, NativeError, Request } from '../exchange/codec.ts';
import { errorResponse } from './error-response.ts';
import {
  expectsContinue,
  fieldOf,
  keepsAlive,
  mayBeRequest,
  operationOf,
  parseRequestHead,
  parseResponseHead,
  type RequestHead,
  type ResponseHead,
  withHost,
} from './head.ts';
import { MessageReader } from './message-reader.ts';

/** One HTTP/1 request. */
class HttpRequest implements Request {
  readonly head: RequestHead;
  readonly answered = true;
  readonly judged = true;
  readonly headForBackend: Buffer | undefined;

  constructor(head: RequestHead, headForBackend?: Buffer | undefined) {
    this.head = head;
    this.headForBackend = headForBackend;
  }

  get operation(): string {
    return operationOf(this.head);
  }

  header(name: string): string | undefined {
    return fieldOf(this.head, name);
  }
}

/** Finds HTTP/1 messages (RFC 9112) in one connection, and answers in HTTP. */
export class HttpCodec implements Codec {
  readonly serverFirst = false;
  readonly serial = true;
  readonly keepsNothing = true;
  readonly #requests = new MessageReader<RequestHead>({ parse: parseRequestHead, mayBe: mayBeRequest });
  readonly #responses = new MessageReader<ResponseHead>({
    parse: (text) => parseResponseHead(text, this.#method),
    mayBe: () => true,
  });
  /** Of the request whose response is being read: whether it has a body depends on it. */
  #method = '';
  /** Whose address goes into the Host field; undefined: nobody's. */
  readonly #host: CodecLink | undefined;
  #persistent = true;

  constructor(host?: CodecLink | undefined) {
    this.#host = host;
  }

  /** Requests know nothing of each other, where the connection itself was not logged in. */
  get reusable(): boolean {
    return this.#persistent;
  }

  readClient(chunk: Buffer, from: number): ClientStep {
    const requests = this.#requests;
    if (!requests.head) {
      const end = requests.read(chunk, from);
      if (requests.invalid) return { kind: 'opaque' };
      return requests.head ? { kind: 'head', end, request: this.#request(requests.head) } : { kind: 'more' };
    }
    const end = requests.complete ? from : requests.read(chunk, from);
    if (requests.invalid) return { kind: 'opaque' };
    if (!requests.complete) return { kind: 'more' };
    requests.next();
    return { kind: 'complete', end };
  }

  readBackend(chunk: Buffer, from: number, request: Request | undefined): BackendStep {
    if (!(request instanceof HttpRequest)) return { kind: 'opaque' };
    const responses = this.#responses;
    const { method } = request.head;
    if (method !== this.#method) {
      // The same head may have a body or none.
      this.#method = method;
      responses.forget();
    }
    let end = from;
    if (!responses.head) {
      end = responses.read(chunk, from);
      if (responses.invalid) return { kind: 'opaque' };
      const status = this.#status();
      if (status === undefined) return { kind: 'more' };
      if (status === 101 || (this.#method === 'CONNECT' && status >= 200 && status < 300)) return { kind: 'opaque' };
      if (responses.head && !keepsAlive(responses.head)) this.#persistent = false;
      if (status < 200) {
        responses.next();
        return { kind: 'unasked', end };
      }
    }
    if (!responses.complete) end = responses.read(chunk, end);
    if (responses.invalid) return { kind: 'opaque' };
    if (!responses.complete) return { kind: 'more' };
    responses.next();
    return { kind: 'complete', end };
  }

  #request(head: RequestHead): HttpRequest {
    if (!keepsAlive(head) || head.logsConnectionIn) this.#persistent = false;
    if (!this.#host) return new HttpRequest(head);
    return new HttpRequest(head, Buffer.from(withHost(head, this.#host.backendName), 'latin1'));
  }

  #status(): number | undefined {
    return this.#responses.head?.status;
  }

  errorFor(request: Request, error: NativeError): Answer | undefined {
    if (!(request instanceof HttpRequest)) return undefined;
    const { head } = request;
    // The body will not come without a `100 Continue`, and nothing can follow it then.
    const close = !keepsAlive(head) || expectsContinue(head);
    const code = typeof error.code === 'number' ? error.code : undefined;
    return { bytes: errorResponse(head, { ...error, code, body: error.message, keepAlive: !close }), close };
  }
}

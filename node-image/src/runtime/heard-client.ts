import type { EventPayloads, EventRequest } from '../api/events.ts';
import type { HttpClient } from '../http/http-client.ts';
import type { HttpResponse } from '../http/http-response.ts';
import type { RequestOptions } from '../http/request-options.ts';
import type { SessionOptions } from '../http/session-options.ts';

/** Tells the listeners of a request's begin or end. */
export type TellRequest = <Name extends 'sending_request' | 'response_received'>(
  name: Name,
  payload: Omit<EventPayloads[Name], 'worker'>,
) => Promise<void>;

const METHODS: readonly string[] = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'];

/** A client whose requests are told to listeners before they are sent and when their answers are complete. */
export function heardClient(http: HttpClient, tell: TellRequest): HttpClient {
  const send = async (request: EventRequest, run: () => Promise<HttpResponse>): Promise<HttpResponse> => {
    await tell('sending_request', { session: heard, request });
    const response = await run();
    await tell('response_received', { session: heard, request, response });
    return response;
  };
  const heard: HttpClient = new Proxy(http, {
    get(target, key) {
      if (key === 'request') {
        return (method: string, url: string | URL, options?: RequestOptions) =>
          send({ method: method.toUpperCase(), url: String(url), options: options ?? {} }, () =>
            target.request(method, url, options),
          );
      }
      if (typeof key === 'string' && METHODS.includes(key)) {
        const method = key as 'get';
        return (url: string | URL, options?: RequestOptions) =>
          send({ method: key.toUpperCase(), url: String(url), options: options ?? {} }, () =>
            target[method](url, options),
          );
      }
      if (key === 'session') return (options?: SessionOptions) => heardClient(target.session(options), tell);
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return heard;
}

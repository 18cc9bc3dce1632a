import { LoadsError } from '@loads/core';
import type { ErrorBody } from '../control/api/api-error.ts';
import type { Options } from '../control/behavior-setting.ts';
import { ControlError } from './control-error.ts';
import type { ClientProxy, ClientSchedule, HeldSchedule, ScheduleChange } from './schedule-client.ts';
import { type SetBehavior, withBehavior } from './with-behavior.ts';

export type VaurienClientOptions = {
  /** Where the control API is; default `http://localhost:8080`. */
  readonly host?: string | undefined;
  readonly token?: string | undefined;
  /** Name of the proxy that is meant; default: the first one. */
  readonly proxy?: string | undefined;
  /** ms until an answer has to be there; default: 10,000. */
  readonly timeoutMs?: number | undefined;
};

/** What a proxy has set. */
export type ClientBehavior = SetBehavior & { readonly version: number };

/** The names of all behaviors, with the JSON Schemas of their options. */
export type BehaviorList = {
  readonly behaviors: readonly string[];
  readonly schemas: Readonly<Record<string, { readonly properties?: Options }>>;
};

/** Controls a proxy through its API. Its methods throw ERR_TARGET_UNREACHABLE, or a ControlError with all that the API refused. */
export class VaurienClient {
  readonly #base: URL;
  readonly #path: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeoutMs: number;

  constructor({ host = 'http://localhost:8080', token, proxy, timeoutMs = 10_000 }: VaurienClientOptions = {}) {
    const url = URL.parse(host.includes('://') ? host : `http://${host}`);
    if (!url) throw new LoadsError('ERR_CONFIG', `expected a URL such as http://localhost:8080, got '${host}'`);
    this.#base = url;
    this.#timeoutMs = timeoutMs;
    this.#path = proxy === undefined ? '' : `/proxies/${encodeURIComponent(proxy)}`;
    this.#headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  }

  async getBehavior(): Promise<ClientBehavior> {
    return await this.#send('GET', '/behavior');
  }

  /** Sets `error`, or `20:delay,5:error`, with its options; `ttl` (`30s`) among them lets it end by itself. */
  async setBehavior(name: string, options: Options = {}): Promise<ClientBehavior> {
    return await this.#send('PUT', '/behavior', { ...options, name });
  }

  /** Gives what is set a new time to live, such as `30s`. */
  async renew(ttl: string | number): Promise<ClientBehavior> {
    return await this.#send('PATCH', '/behavior', { ttl });
  }

  /** Ends what was set; what the configuration says is left. `resetOpen` also cuts the connections that are open. */
  async reset({ resetOpen }: { readonly resetOpen?: boolean | undefined } = {}): Promise<ClientBehavior> {
    return await this.#send('DELETE', `/behavior${resetOpen ? '?resetOpen=true' : ''}`);
  }

  async listBehaviors(): Promise<BehaviorList> {
    return await this.#send('GET', '/behaviors');
  }

  async getBackend(): Promise<string> {
    return (await this.#send<{ readonly backend: string }>('GET', '/backend')).backend;
  }

  async setBackend(backend: string): Promise<void> {
    await this.#send('PUT', '/backend', { backend });
  }

  /** What the proxy is; it has to be named. */
  async getProxy(): Promise<ClientProxy> {
    return await this.#send('GET', '');
  }

  async listProxies(): Promise<readonly ClientProxy[]> {
    return (await this.#send<{ readonly proxies: readonly ClientProxy[] }>('GET', '/proxies', undefined, '')).proxies;
  }

  async getSchedule(): Promise<ClientSchedule> {
    return await this.#send('GET', '/schedule');
  }

  /** Has the proxy keep entries for a run, which wait for their start. */
  async holdSchedule(held: HeldSchedule): Promise<ClientSchedule> {
    return await this.#send('PUT', '/schedule', held);
  }

  /** Gives the entries of a run their start, or more time to live. */
  async changeSchedule(change: ScheduleChange): Promise<ClientSchedule> {
    return await this.#send('PATCH', '/schedule', change);
  }

  /** Ends the entries of a run and their faults; what they did is in the answer. */
  async releaseSchedule(run: string): Promise<ClientSchedule> {
    return await this.#send('DELETE', `/schedule?run=${encodeURIComponent(run)}`);
  }

  /** Sets a behavior while `fn` runs, then what was set before, with its options, even when `fn` throws. */
  withBehavior<Result>(name: string, options: Options, fn: () => Promise<Result> | Result): Promise<Result> {
    return withBehavior(this, name, options, fn);
  }

  async #send<Reply>(method: string, path: string, body?: Options, of: string = this.#path): Promise<Reply> {
    const { pathname } = this.#base;
    const url = new URL(`${pathname.replace(/\/$/, '')}${of}${path}`, this.#base);
    const response = await fetch(url, {
      method,
      signal: AbortSignal.timeout(this.#timeoutMs),
      headers: { ...this.#headers, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      const hint = 'start it with --http, or say where it is with --host';
      throw new LoadsError('ERR_TARGET_UNREACHABLE', `no vaurien answers on ${this.#base.origin}`, { hint, cause });
    });
    const reply: unknown = await response.json().catch(() => undefined);
    if (response.ok && reply !== undefined) return reply as Reply;
    const { errors = [] } = (reply ?? {}) as Partial<ErrorBody>;
    const lines = errors.map(({ location, name, description }) =>
      location === 'body' && name !== '' ? `${name}: ${description}` : description,
    );
    throw new ControlError(
      response.status,
      lines.join('\n') || `${method} ${url.pathname} answered ${response.status}, as no vaurien does`,
    );
  }
}

import { expect } from 'vitest';
import type { FaultPoint } from '../../proxy-image/src/proxy/fault-event.ts';
import { rule, startTestProxy, type TestProxy } from '../../proxy-image/src/proxy/peers.test.support.ts';
import type { Client, Driver, Service } from './driver.ts';

/** When clients give up, ms: more than any request takes that is answered at all. */
export const PATIENCE_MS = 15_000;

/** What a cell says of the faults that it injected. */
export type Expected = {
  readonly behavior: string;
  readonly operation: string;
  readonly point: FaultPoint;
  readonly times?: number;
};

/** A server with a proxy in front of it, for one cell. */
export class Stage implements AsyncDisposable {
  readonly driver: Driver;
  readonly service: Service;
  readonly #served: TestProxy;

  private constructor(driver: Driver, service: Service, served: TestProxy) {
    this.driver = driver;
    this.service = service;
    this.#served = served;
  }

  static async open(driver: Driver, service: Service): Promise<Stage> {
    return new Stage(driver, service, await startTestProxy(driver.protocol, service.address));
  }

  get proxy(): TestProxy['proxy'] {
    return this.#served.proxy;
  }

  get faults(): TestProxy['faults'] {
    return this.#served.faults;
  }

  /** Puts one behavior in force in the place of what was; for one operation, or for all. */
  impose(behavior: string, options: Record<string, unknown> = {}, operation?: string): void {
    const all = rule('matrix', behavior, options);
    this.proxy.setRules([operation === undefined ? all : { ...all, match: { operation } }]);
  }

  /** Ends what is in force. */
  lift(): void {
    this.proxy.setRules([]);
  }

  /** Connects a client through the proxy. */
  connect(timeoutMs: number = PATIENCE_MS): Promise<Client> {
    return this.service.connect(this.proxy.address, timeoutMs);
  }

  /** What the server itself answers. */
  async answer(): Promise<string> {
    await using direct = await this.service.connect(this.service.address, PATIENCE_MS);
    return await direct.ask();
  }

  /** Connects a client through the proxy and asks. */
  async askAnew(): Promise<string> {
    await using client = await this.connect();
    return await client.ask();
  }

  /** Waits until a fault has been injected. */
  async struck(): Promise<void> {
    await expect.poll(() => this.faults.length, { timeout: PATIENCE_MS }).toBeGreaterThan(0);
  }

  /** Each injected fault has been told once, and there were no others. */
  expectFaults({ behavior, operation, point, times = 1 }: Expected): void {
    const { protocol, requests } = this.driver;
    const about = requests ? { operation, point } : { operation: '', point: 'connection' };
    const one = { ...about, behavior, protocol, proxy: 'web', rule: 'matrix' };
    expect(this.faults).toMatchObject(Array.from({ length: times }, () => one));
    expect(new Set(this.faults.map(({ id }) => id)).size).toBe(times);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#served[Symbol.asyncDispose]();
  }
}

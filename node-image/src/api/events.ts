import type { HttpClient } from '../http/http-client.ts';
import type { HttpResponse } from '../http/http-response.ts';
import type { RequestOptions } from '../http/request-options.ts';

/** A request as its scenario asked for it. */
export type EventRequest = {
  readonly method: string;
  readonly url: string;
  readonly options: RequestOptions;
};

/** The scenario of an iteration. */
export type EventScenario = { readonly name: string; readonly weight: number };

/** A stage of the load (a cycle, in FunkLoad), as it is planned, told in every process. */
export type EventStage = {
  /** From 1, of so many of its scenario's load. */
  readonly stage: number;
  readonly stages: number;
  /** Whose load it is; undefined: of all scenarios. */
  readonly scenario: string | undefined;
  /** Whether the load stays as it is in it. */
  readonly kind: 'ramp' | 'steady';
  /** What `from` and `to` count, over all nodes: workers, or arrivals per second. */
  readonly of: 'workers' | 'arrivals';
  readonly from: number;
  readonly to: number;
  /** How long it takes, ms. */
  readonly durationMs: number;
  /** Where this is told: node 1 and process 1 are in every run. */
  readonly node: number;
  readonly process: number;
};

/** What can be listened to, and what listeners get. */
export type EventPayloads = {
  /** A worker is about to send a request with its session; it is sent when all listeners are through. */
  sending_request: { readonly session: HttpClient; readonly request: EventRequest; readonly worker: number };
  /** Its answer is complete. A request without an answer has none. */
  response_received: {
    readonly session: HttpClient;
    readonly request: EventRequest;
    readonly response: HttpResponse;
    readonly worker: number;
  };
  /** Every second: how many workers of this process are at work. */
  current_workers: { readonly workers: number };
  /** A stage begins, is half over, and has ended, also when the run was stopped in it. The load does not wait for listeners. */
  stage_start: EventStage;
  stage_middle: EventStage;
  stage_end: EventStage;
  scenario_start: { readonly scenario: EventScenario; readonly worker: number; readonly iteration: number };
  scenario_success: { readonly scenario: EventScenario; readonly worker: number; readonly iteration: number };
  scenario_failure: {
    readonly scenario: EventScenario;
    readonly worker: number;
    readonly iteration: number;
    readonly exception: unknown;
  };
};

export type EventName = keyof EventPayloads;
/** An event with its name, for listeners to all of them. */
export type LoadEvent = { [Name in EventName]: { readonly event: Name } & EventPayloads[Name] }[EventName];

/** The names of all events. */
export const EVENT_NAMES: readonly string[] = Object.keys({
  sending_request: true,
  response_received: true,
  current_workers: true,
  stage_start: true,
  stage_middle: true,
  stage_end: true,
  scenario_start: true,
  scenario_success: true,
  scenario_failure: true,
} satisfies Record<EventName, true>);

/** The events that tell of stages. */
export const STAGE_EVENTS = ['stage_start', 'stage_middle', 'stage_end'] as const;

type Listener = (payload: never) => unknown;

/** Who listens to what. A listener that fails harms neither the run nor the other listeners. */
export class EventHub {
  readonly #listeners = new Map<EventName, Listener[]>();
  readonly #toAll: ((event: LoadEvent) => unknown)[] = [];

  add<Name extends EventName>(name: Name, listener: (payload: EventPayloads[Name]) => unknown): void {
    const known = this.#listeners.get(name) ?? [];
    this.#listeners.set(name, [...known, listener as Listener]);
  }

  addToAll(listener: (event: LoadEvent) => unknown): void {
    this.#toAll.push(listener);
  }

  /** Whether anybody listens: who asks first saves the work of making the payload. */
  hears(name: EventName): boolean {
    return this.#toAll.length > 0 || this.#listeners.has(name);
  }

  /** Tells all listeners, in the order in which they were added, and waits for each. `failed` gets what they throw. */
  async tell<Name extends EventName>(
    name: Name,
    payload: EventPayloads[Name],
    failed: (error: unknown) => void,
  ): Promise<void> {
    const event = { ...payload, event: name } as unknown as LoadEvent;
    const calls = [
      ...(this.#listeners.get(name) ?? []).map((listener) => () => (listener as (one: unknown) => unknown)(payload)),
      ...this.#toAll.map((listener) => () => listener(event)),
    ];
    for (const call of calls) {
      try {
        await call();
      } catch (error) {
        failed(error);
      }
    }
  }
}

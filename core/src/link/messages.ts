import type { RunPlan } from '../plan/run-plan.ts';

/**
 * What a scenario process and its sidecar say to each other over the link, a TCP connection on the node's loopback,
 * one JSON message a line. Samples never travel here: they are statsd.
 */
export type SidecarMessage =
  /** The first message: all that the scenario process has to know. Node 1 runs the setup that holds for all. */
  | {
      readonly type: 'plan';
      readonly run: string;
      readonly node: number;
      readonly plan: RunPlan;
      /** `host:port` where the agent takes statsd over UDP. */
      readonly statsd: string;
      /** Name of a proxy to the `host:port` where it listens. */
      readonly proxies: Readonly<Record<string, string>>;
    }
  /** Begin at this instant (epoch ms), with what the setup returned. */
  | { readonly type: 'start'; readonly atMs: number; readonly setup: unknown }
  /** Stop: let iterations in flight end (`graceful`), or cut them. */
  | { readonly type: 'stop'; readonly graceful: boolean }
  /** Lines of statsd that arrived so far. */
  | { readonly type: 'ack'; readonly lines: number };

export type ScenarioMessage =
  | { readonly type: 'ready'; readonly setup: unknown }
  | { readonly type: 'failed'; readonly error: ReportedError }
  | { readonly type: 'started'; readonly atMs: number }
  | { readonly type: 'done'; readonly report: ScenarioReport };

/** A LoadsError as it travels between processes. */
export type ReportedError = {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly stack?: string | undefined;
};

/** What the scenario process knows at its end and statsd does not carry. */
export type ScenarioReport = {
  /** Samples that were sent as statsd; null when a foreign program sent them and nobody counted. */
  readonly emitted: number | null;
  /** Iterations that were cut at the end. */
  readonly interrupted: number;
  /** Errors that iterations threw, one of each message, with how often. */
  readonly errors: readonly ErrorGroup[];
  /** The exit code of a foreign program; undefined for a scenario file. */
  readonly commandExit?: number | undefined;
};

export type ErrorGroup = {
  readonly scenario: string;
  readonly failure: string;
  readonly message: string;
  readonly count: number;
  /** The stack of the first one. */
  readonly stack?: string | undefined;
};

/**
 * Cuts a stream of text into messages: call what it gives with each chunk, and `take` gets every message that is
 * complete. Anyone on the loopback can write to a link, so a line may be no message at all: `malformed` is called then,
 * once, and nothing is read after it.
 */
export function messageReader<Message extends { readonly type: string }>(
  take: (message: Message) => void,
  malformed: () => void,
): (chunk: string) => void {
  let rest = '';
  let broken = false;
  return function read(chunk: string): void {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (broken || line === '') continue;
      const message = parseMessage<Message>(line);
      if (message) take(message);
      else {
        broken = true;
        malformed();
      }
    }
  };
}

/** A line as a message of the link; undefined when it cannot be one. */
function parseMessage<Message extends { readonly type: string }>(line: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isMessage = typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
    return isMessage ? (value as Message) : undefined;
  } catch {
    return undefined;
  }
}

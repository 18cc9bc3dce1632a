import type { RunPlan } from '../plan/run-plan.ts';
import type { ProcessEnd } from '../result/process-end.ts';
import type { RequestExample } from './request-example.ts';

/**
 * What a node's scenario processes and their sidecar say to each other over the link, a TCP connection on the node's loopback,
 * one JSON message a line. Samples never travel here: they are statsd.
 */
export type SidecarMessage =
  /** The first message: all that the scenario process has to know. Node 1 runs the setup that holds for all. */
  | {
      readonly type: 'plan';
      readonly run: string;
      readonly node: number;
      /** Number of the process on its node, from 1, by the order in which they came. */
      readonly process: number;
      readonly plan: RunPlan;
      /** `host:port` where the agent takes statsd over UDP. */
      readonly statsd: string;
      /** Name of a proxy to the `host:port` where it listens. */
      readonly proxies: Readonly<Record<string, string>>;
    }
  /** What the setup of node 1 returned, for the fixtures of a process that run before it is ready. */
  | { readonly type: 'data'; readonly setup: unknown }
  /** Begin at this instant (epoch ms), with what the setup returned. */
  | { readonly type: 'start'; readonly atMs: number; readonly setup: unknown }
  /** Stop: let iterations in flight end (`graceful`), or cut them. Before the start: undo what was set up. */
  | { readonly type: 'stop'; readonly graceful: boolean }
  /** From now on the run is to have so many workers, over all nodes. */
  | { readonly type: 'scale'; readonly workers: number }
  /** Lines of statsd that arrived so far, from all processes. */
  | { readonly type: 'ack'; readonly lines: number }
  | SharedVariable;

/** A variable that all processes of a node share has a new value. */
export type SharedVariable = { readonly type: 'variable'; readonly name: string; readonly value: unknown };

export type ScenarioMessage =
  /** The setup has returned this; `ready` follows after the fixtures of the process. */
  | { readonly type: 'setup'; readonly setup: unknown }
  | { readonly type: 'ready'; readonly setup: unknown }
  | { readonly type: 'failed'; readonly error: ReportedError }
  | { readonly type: 'started'; readonly atMs: number }
  /** Let all processes end: an iteration failed in a run that ends with its first failure, or the run does not begin. */
  | { readonly type: 'failing' }
  /** Another process of the node, which this one had started, has ended as no process does that has done its work. */
  | { readonly type: 'lost'; readonly end: ProcessEnd }
  /** Something keeps the event loop of a process from turning; said by a watcher in that process, on a connection of its own. */
  | { readonly type: 'blocked'; readonly error: ErrorGroup }
  | SharedVariable
  | { readonly type: 'done'; readonly report: ScenarioReport };

/** A LoadsError as it travels between processes. */
export type ReportedError = {
  readonly code: string;
  /** A process has gone without a word: what ended it may be known from outside. */
  readonly gone?: boolean | undefined;
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
  /** Errors of iterations and requests, one of each message, with how often. */
  readonly errors: readonly ErrorGroup[];
  /** A fixture that threw after the start, which ended the run. */
  readonly setupFailed?: string | undefined;
  /** A feeder without a row left ended the load of a process. */
  readonly rowsUsedUp?: boolean | undefined;
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
  /** The request of the first one: the one that failed, or the last before the error. */
  readonly example?: RequestExample | undefined;
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

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { LoadsError, messageReader, parseAddress, type ScenarioMessage, type SidecarMessage } from '@loads/core';
import { WorkerCount } from './worker-count.ts';

const RETRY_MS = 25;

export type NodeBrief = Extract<SidecarMessage, { type: 'plan' }>;
export type StartOrder = Extract<SidecarMessage, { type: 'start' }>;

type VariableListener = (name: string, value: unknown) => void;

/** The scenario process's end of the link to its sidecar. */
export class LinkClient implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #brief = Promise.withResolvers<NodeBrief>();
  readonly #start = Promise.withResolvers<StartOrder>();
  readonly #data = Promise.withResolvers<unknown>();
  readonly #closed = Promise.withResolvers<void>();
  readonly #lost = Promise.withResolvers<void>();
  readonly #graceful = new AbortController();
  readonly #cut = new AbortController();
  #acked = 0;
  #saidLast = false;
  #onAck: (() => void) | undefined;
  /** How many workers the run is to have, when that is set while it goes on. */
  readonly workers: WorkerCount = new WorkerCount();
  #onVariable: VariableListener | undefined;
  readonly #earlyVariables: Parameters<VariableListener>[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true).setEncoding('utf8');
    const close = (): void => void socket.destroy();
    socket.on(
      'data',
      messageReader<SidecarMessage>((message) => this.#take(message), close),
    );
    // A reset is followed by 'close', which says all there is to say.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#closed.resolve();
      if (!this.#saidLast) this.#lost.resolve();
    });
  }

  /** Connects to the sidecar at `host:port`, for which it waits so long (ms). Throws ERR_NODE_START when it is not there. */
  static async connect(address: string, patienceMs = 0): Promise<LinkClient> {
    const parsed = parseAddress(address);
    if (!parsed) throw new LoadsError('ERR_NODE_START', `expected host:port of the sidecar, got '${address}'`);
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const socket = connect(parsed);
      try {
        await once(socket, 'connect');
        return new LinkClient(socket);
      } catch (cause) {
        if (performance.now() > deadline)
          throw new LoadsError('ERR_NODE_START', `the sidecar at ${address} does not answer`, { cause });
        await wait(RETRY_MS);
      }
    }
  }

  /** What the node is to do. */
  get brief(): Promise<NodeBrief> {
    return this.#brief.promise;
  }

  /** What the setup of node 1 returned, before the start, for those that wait for it. */
  get data(): Promise<unknown> {
    return this.#data.promise;
  }

  get start(): Promise<StartOrder> {
    return this.#start.promise;
  }

  /** Resolves when the sidecar has gone before it was told the end: nothing is measured any more. */
  get lost(): Promise<void> {
    return this.#lost.promise;
  }

  /** Aborts when no further iteration is to begin. */
  get stopped(): AbortSignal {
    return this.#graceful.signal;
  }

  /** Aborts when iterations in flight are to be cut. */
  get cut(): AbortSignal {
    return this.#cut.signal;
  }

  /** Calls the listener with every variable that another process of the node has set, also with those set before. */
  hearVariables(listener: VariableListener): void {
    this.#onVariable = listener;
    for (const [name, value] of this.#earlyVariables.splice(0)) listener(name, value);
  }

  send(message: ScenarioMessage): void {
    this.#saidLast ||= message.type === 'done' || message.type === 'failed';
    if (this.#socket.writable) this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  /** Waits until the agent has received `lines` lines in all, at most `timeoutMs`; gives how many it has. */
  async received(lines: number, timeoutMs: number): Promise<number> {
    const deadline = performance.now() + timeoutMs;
    while (this.#acked < lines) {
      const leftMs = deadline - performance.now();
      if (leftMs <= 0 || this.#socket.destroyed) break;
      const ack = Promise.withResolvers<void>();
      this.#onAck = ack.resolve;
      const timer = setTimeout(ack.resolve, leftMs);
      await ack.promise;
      clearTimeout(timer);
    }
    return this.#acked;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.end();
    if (!this.#socket.closed) await this.#closed.promise;
  }

  #take(message: SidecarMessage): void {
    if (message.type === 'plan') this.#brief.resolve(message);
    else if (message.type === 'data') this.#data.resolve(message.setup);
    else if (message.type === 'variable') this.#takeVariable(message.name, message.value);
    else if (message.type === 'scale') this.workers.set(message.workers);
    else if (message.type === 'start') this.#start.resolve(message);
    else if (message.type === 'ack') this.#ackNow(message.lines);
    else if (message.type === 'stop') {
      this.#graceful.abort();
      if (!message.graceful) this.#cut.abort();
    }
  }

  #takeVariable(name: string, value: unknown): void {
    if (this.#onVariable) this.#onVariable(name, value);
    else this.#earlyVariables.push([name, value]);
  }

  #ackNow(lines: number): void {
    this.#acked = lines;
    this.#onAck?.();
  }
}

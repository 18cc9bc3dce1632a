import {
  type DataPoint,
  EVENT_TYPES,
  eventPoint,
  plannedEvents,
  type RunEvent,
  type RunIdentity,
  runPoint,
  scaleEvent,
  TAGS,
} from '@loads/core';

/** What happens on a node, as points for the database. Node 1 tells what all nodes have in common. */
export class NodeEvents {
  readonly #identity: RunIdentity;
  readonly #node: number;
  readonly #coming: RunEvent[];
  readonly #points: DataPoint[] = [];

  constructor(identity: RunIdentity, node: number) {
    this.#identity = identity;
    this.#node = node;
    this.#coming = node === 1 ? [...plannedEvents(identity)] : [];
    if (node === 1) this.#points.push(runPoint(identity));
  }

  /** The node's scenario began at this instant, epoch ms. */
  started(atMs: number): void {
    this.#ofNode(EVENT_TYPES.nodeStart, atMs, 'started', '');
  }

  /** The node's scenario ended. */
  ended(atMs: number, how: string): void {
    this.#ofNode(EVENT_TYPES.nodeEnd, atMs, 'ended', how);
  }

  /** The run is to end before its time. */
  stopped(atMs: number, graceful: boolean): void {
    if (this.#node !== 1) return;
    const text = graceful ? 'iterations in flight may end' : 'at once';
    this.#add({ type: EVENT_TYPES.abort, atMs, title: 'the run is stopped', text });
  }

  /** The number of workers was set. */
  scaled(atMs: number, workers: number): void {
    if (this.#node === 1) this.#add(scaleEvent(atMs, workers));
  }

  /** The points of what has happened up to `nowMs` (epoch) and was not given yet. */
  take(nowMs: number): readonly DataPoint[] {
    while (this.#coming[0] !== undefined && this.#coming[0].atMs <= nowMs) {
      const [event] = this.#coming.splice(0, 1);
      if (event) this.#add(event);
    }
    return this.#points.splice(0);
  }

  #ofNode(type: RunEvent['type'], atMs: number, what: string, text: string): void {
    const tags = { [TAGS.node]: String(this.#node) };
    this.#add({ type, atMs, title: `node ${this.#node} ${what}`, text, tags });
  }

  #add(event: RunEvent): void {
    this.#points.push(eventPoint(this.#identity.run, event));
  }
}

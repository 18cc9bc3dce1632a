import { addLiveStates, type LiveState, type LiveTotals, NODE_FILES } from '@loads/core';
import type { NodeView } from '../launch/launcher.ts';

type Known = { readonly bytes: Uint8Array; readonly state: LiveState };

/**
 * What the nodes of a run say of themselves, added up. They write every second and are looked at more often: what has not
 * changed is not read again, since on this machine that would be taken from the load.
 */
export class LiveWatch {
  readonly #known = new Map<number, Known>();
  #totals: LiveTotals | undefined;

  /** The totals as they stand; undefined until a node has spoken. A state that cannot be read counts as the one before. */
  async totals(views: readonly NodeView[]): Promise<LiveTotals | undefined> {
    const changed = await Promise.all(views.map((view) => this.#read(view)));
    if (changed.includes(true)) this.#totals = addLiveStates([...this.#known.values()].map(({ state }) => state));
    return this.#totals;
  }

  async #read(view: NodeView): Promise<boolean> {
    try {
      const bytes = await view.read(NODE_FILES.live);
      const known = this.#known.get(view.node);
      if (!bytes || (known && Buffer.compare(known.bytes, bytes) === 0)) return false;
      this.#known.set(view.node, { bytes, state: JSON.parse(new TextDecoder().decode(bytes)) as LiveState });
      return true;
    } catch {
      // It is only shown: no reason to end a run.
      return false;
    }
  }
}

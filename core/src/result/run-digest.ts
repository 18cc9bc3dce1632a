import { type Series, SeriesMerge } from '../metrics/series.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import { emptyTimeline, mergeTimelines, type Timeline } from '../timeline/timeline.ts';
import type { NodeState } from '../verdict/validity.ts';
import type { NodeResult } from './node-result.ts';

/** What is looked at for each node by itself. */
const OF_EACH_NODE: readonly string[] = ['loop_lag', 'schedule_lag', 'node_cpu', 'node_memory', 'faults'];

/**
 * The nodes of a run, merged one after the other, so that a thousand of them take no more memory than a few: of each node
 * stays what is judged of it alone.
 */
export class RunDigest {
  readonly #kept: ReadonlySet<string>;
  readonly #nodes: NodeState[] = [];
  readonly #series = new SeriesMerge();
  #timeline: Timeline | undefined;

  constructor({ thresholds }: Pick<RunPlan, 'thresholds'>) {
    const ofNodes = thresholds.filter(({ tags, relativeTo }) => (tags.node ?? relativeTo?.tags.node) !== undefined);
    this.#kept = new Set([...OF_EACH_NODE, ...ofNodes.map(({ metric }) => metric)]);
  }

  /** Takes a node, and with it all that it measured. */
  add(state: NodeState): void {
    const { result } = state;
    if (!result) {
      this.#nodes.push(state);
      return;
    }
    const { series, timeline } = result;
    this.#series.add(series);
    if (timeline) this.#timeline = this.#timeline ? mergeTimelines([this.#timeline, timeline]) : timeline;
    this.#nodes.push({ ...state, result: this.#alone(result) });
  }

  /** The nodes in the order in which they came. Of their results the metrics are left that are judged by node, and how the load was. */
  get nodes(): readonly NodeState[] {
    return this.#nodes;
  }

  /** What all nodes measured. */
  get series(): readonly Series[] {
    return this.#series.series;
  }

  /** The run over time; undefined when no node kept it. */
  get timeline(): Timeline | undefined {
    return this.#timeline;
  }

  #alone(result: NodeResult): NodeResult {
    const { series, timeline } = result;
    const own = series.filter(({ metric }) => this.#kept.has(metric));
    if (!timeline) return { ...result, series: own };
    const { load, windows } = timeline;
    return { ...result, series: own, timeline: { ...emptyTimeline(), load, windows } };
  }
}

/** The digest of nodes that are there already. */
export function digestOf(plan: Pick<RunPlan, 'thresholds'>, nodes: readonly NodeState[]): RunDigest {
  const digest = new RunDigest(plan);
  for (const node of nodes) digest.add(node);
  return digest;
}

import { AGENT_FIELDS, type DataPoint, MEASUREMENTS, type PointAccounting, type Tags } from '@loads/core';
import type { StoreCounts } from './metric-store.ts';

/** The agent's accounts as they stand. */
export type AgentFigures = StoreCounts & {
  readonly kernelDrops: number;
  readonly points: PointAccounting;
  /** Samples by the scenario's own count, when it has said. */
  readonly emitted?: number | undefined;
};

/** Watches what the agent's own process takes. */
export class OwnUsage {
  #cpu = process.cpuUsage();
  #atMs = performance.now();

  /** The point in `node_agent` with the figures, the CPU (cores) since the last time, and the memory (bytes). */
  point(figures: AgentFigures, tags: Tags, atMs: number): DataPoint {
    const now = performance.now();
    const { user, system } = process.cpuUsage(this.#cpu);
    const cpu = now > this.#atMs ? (user + system) / 1000 / (now - this.#atMs) : undefined;
    this.#cpu = process.cpuUsage();
    this.#atMs = now;
    return {
      measurement: MEASUREMENTS.agent,
      tags,
      fields: {
        [AGENT_FIELDS.emitted]: figures.emitted,
        [AGENT_FIELDS.received]: figures.received,
        [AGENT_FIELDS.stored]: figures.stored,
        [AGENT_FIELDS.rejected]: figures.rejected,
        [AGENT_FIELDS.kernelDrops]: figures.kernelDrops,
        [AGENT_FIELDS.pointsWritten]: figures.points.written,
        [AGENT_FIELDS.pointsSpooled]: figures.points.spooled,
        [AGENT_FIELDS.pointsDropped]: figures.points.dropped,
        [AGENT_FIELDS.cpu]: cpu,
        [AGENT_FIELDS.memory]: process.memoryUsage.rss(),
      },
      atMs,
    };
  }
}

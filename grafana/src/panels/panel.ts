import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { DATA_SOURCE, type DataSourceRef, type QueryBuilder } from '../influxql/query.ts';

/** What every panel says of itself and asks for. */
export type PanelSpec = {
  readonly title: string;
  /** What the figures mean, and where they end: it is the tooltip of the title. */
  readonly description: string;
  /** Grafana's name of the unit. */
  readonly unit: string;
  /** Width, of 24. */
  readonly span: number;
  readonly height?: number | undefined;
  readonly queries: readonly QueryBuilder[];
  /** The shortest window of `$__interval`. */
  readonly interval?: string | undefined;
};

/** What the builders of all kinds of panels have in common. */
type AnyPanel = {
  title(title: string): unknown;
  description(description: string): unknown;
  unit(unit: string): unknown;
  span(width: number): unknown;
  height(height: number): unknown;
  datasource(source: DataSourceRef): unknown;
  interval(interval: string): unknown;
  targets(targets: Builder<Dataquery>[]): unknown;
};

const HEIGHT = 8;

/** Gives a panel what its spec says. */
export function describe<T extends AnyPanel>(panel: T, spec: PanelSpec): T {
  panel.title(spec.title);
  panel.description(spec.description);
  panel.unit(spec.unit);
  panel.span(spec.span);
  panel.height(spec.height ?? HEIGHT);
  panel.datasource(DATA_SOURCE);
  if (spec.interval !== undefined) panel.interval(spec.interval);
  panel.targets(spec.queries.map((query, i) => query.refId(String.fromCharCode(65 + i))));
  return panel;
}

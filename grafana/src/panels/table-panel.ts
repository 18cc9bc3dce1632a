import type { DataTransformerConfig } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { describe, type PanelSpec } from './panel.ts';

export type TableSpec = PanelSpec & {
  /** The column by which rows of several queries are one row; `all`: every column that they have in common. */
  readonly joinBy?: string | undefined;
  /** Columns with another unit than the table. */
  readonly units?: Readonly<Record<string, string>> | undefined;
  /** Columns that are not shown. */
  readonly hidden?: readonly string[] | undefined;
  /** Columns whose cells lead somewhere: title and address. */
  readonly links?: Readonly<Record<string, { readonly title: string; readonly url: string }>> | undefined;
};

/** Rows and columns. */
export function tablePanel(spec: TableSpec): PanelBuilder {
  const panel = describe(new PanelBuilder(), spec).filterable(true);
  for (const transformation of transformations(spec)) panel.withTransformation(transformation);
  for (const [column, unit] of Object.entries(spec.units ?? {})) {
    panel.overrideByName(column, [{ id: 'unit', value: unit }]);
  }
  for (const [column, link] of Object.entries(spec.links ?? {})) {
    panel.overrideByName(column, [{ id: 'links', value: [link] }]);
  }
  return panel;
}

/** Every query brings a column of times, which say nothing in a table of totals. */
function transformations({ joinBy, hidden = [], queries }: TableSpec): readonly DataTransformerConfig[] {
  const times = ['Time', ...queries.map((_, i) => `Time ${i + 1}`)];
  const excludeByName = Object.fromEntries([...times, ...hidden].map((name) => [name, true]));
  const organize = { id: 'organize', options: { excludeByName } };
  if (joinBy === undefined) return [organize];
  if (joinBy === 'all') return [{ id: 'merge', options: {} }, organize];
  return [{ id: 'joinByField', options: { byField: joinBy, mode: 'outer' } }, organize];
}

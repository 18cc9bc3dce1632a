import { LegendDisplayMode, LegendPlacement, VizLegendOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import {
  PanelBuilder,
  SeriesMapping,
  XYSeriesConfigBuilder,
  XYShowMode,
} from '@grafana/grafana-foundation-sdk/xychart';
import { ELAPSED_FIELD } from '@loads/core';
import { describe, type PanelSpec } from './panel.ts';

export type SharedAxisSpec = PanelSpec & {
  /** One line: which column of which query (its place), under which name and color. */
  readonly lines: readonly {
    readonly query: number;
    readonly column: string;
    readonly name: string;
    readonly color: string;
  }[];
};

/** Lines over the seconds since the start of their runs: runs of different days lie on one axis. */
export function sharedAxisPanel(spec: SharedAxisSpec): PanelBuilder {
  const panel = describe(new PanelBuilder(), spec)
    .mapping(SeriesMapping.Manual)
    .show(XYShowMode.Lines)
    .lineWidth(1)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    )
    .series(
      spec.lines.map(({ query, column, name }) =>
        new XYSeriesConfigBuilder()
          .name({ fixed: name })
          .frame({ matcher: { id: 'byIndex', options: query } })
          .x({ matcher: { id: 'byName', options: ELAPSED_FIELD } })
          .y({ matcher: { id: 'byName', options: column } }),
      ),
    )
    .overrideByName(ELAPSED_FIELD, [
      { id: 'unit', value: 's' },
      { id: 'custom.axisLabel', value: 'since the start of the run' },
    ]);
  for (const { column, color } of spec.lines) {
    panel.overrideByName(column, [{ id: 'color', value: { mode: 'fixed', fixedColor: color } }]);
  }
  return panel;
}

import {
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { describe, type PanelSpec } from './panel.ts';

export type SeriesSpec = PanelSpec & {
  /** Series on top of each other, filled. */
  readonly stacked?: boolean | undefined;
  /** Points are connected, however far they are apart. */
  readonly connected?: boolean | undefined;
  /** Colors of series by their names. */
  readonly colors?: Readonly<Record<string, string>> | undefined;
};

/** Lines over time. */
export function seriesPanel(spec: SeriesSpec): PanelBuilder {
  const panel = describe(new PanelBuilder(), spec)
    .min(0)
    .lineWidth(1)
    .fillOpacity(spec.stacked ? 30 : 8)
    .showPoints(VisibilityMode.Auto)
    .spanNulls(spec.connected ?? 15_000)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (spec.stacked) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
  for (const [name, fixedColor] of Object.entries(spec.colors ?? {})) {
    panel.overrideByName(name, [{ id: 'color', value: { mode: 'fixed', fixedColor } }]);
  }
  return panel;
}

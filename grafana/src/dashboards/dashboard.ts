import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Panel,
  RowBuilder,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { faultRegions, otherEvents } from '../annotations.ts';

export type Panels = readonly Builder<Panel>[];

export type DashboardSpec = {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly Builder<VariableModel>[];
  readonly rows: readonly { readonly title: string; readonly panels: Panels }[];
  /** Whether its panels have a time axis, with the events on it. */
  readonly timed: boolean;
};

const TAG = 'loads';

/** A dashboard of ours: linked to the others, its panels numbered in their order. */
export function dashboard({ uid, title, description, variables, rows, timed }: DashboardSpec): Dashboard {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([TAG])
    .editable()
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-15m', to: 'now' })
    .refresh(timed ? '10s' : '')
    .variables([...variables])
    .annotations(timed ? [faultRegions(), otherEvents()] : [])
    .links([
      new DashboardLinkBuilder('Loads').type(DashboardLinkType.Dashboards).tags([TAG]).includeVars(true).keepTime(true),
    ]);
  for (const row of rows) {
    builder.withRow(new RowBuilder(row.title));
    for (const panel of row.panels) builder.withPanel(panel);
  }
  const built = builder.build();
  for (const [i, panel] of (built.panels ?? []).entries()) panel.id = i + 1;
  return built;
}

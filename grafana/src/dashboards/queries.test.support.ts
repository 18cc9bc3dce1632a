import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { InfluxqlQuery } from '../influxql/query.ts';
import { allDashboards } from './all.ts';

/** All dashboards as they are stored: what JSON does not know is gone. */
export const DASHBOARDS: Readonly<Record<string, Dashboard>> = JSON.parse(JSON.stringify(allDashboards()));

export type FoundPanel = { readonly of: string; readonly panel: Panel };

/** The panels of all dashboards, but not the rows. */
export function panels(): readonly FoundPanel[] {
  const isPanel = (one: Panel | RowPanel): one is Panel => one.type !== 'row';
  return Object.entries(DASHBOARDS).flatMap(([name, { panels: all = [] }]) =>
    all.filter(isPanel).map((panel) => ({ of: `${name}: ${panel.title}`, panel })),
  );
}

export function targetsOf(panel: Panel): readonly InfluxqlQuery[] {
  return (panel.targets ?? []) as unknown as readonly InfluxqlQuery[];
}

export type FoundQuery = { readonly of: string; readonly query: string };

/** Every query of all dashboards: those of panels, variables and annotations, and whose each is. */
export function queries(): readonly FoundQuery[] {
  const ofPanels = panels().flatMap(({ of, panel }) => targetsOf(panel).map(({ query }) => ({ of, query })));
  const others = Object.entries(DASHBOARDS).flatMap(([name, { templating, annotations }]) => [
    ...(templating?.list ?? []).flatMap((variable) => {
      const query = typeof variable.query === 'object' ? variable.query.query : undefined;
      return typeof query === 'string' ? [{ of: `${name}: variable ${variable.name}`, query }] : [];
    }),
    ...(annotations?.list ?? []).map((annotation) => {
      const { query } = annotation.target as unknown as InfluxqlQuery;
      return { of: `${name}: annotation ${annotation.name}`, query };
    }),
  ]);
  return [...ofPanels, ...others];
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../grafana/dashboards');

type Query = { readonly query: string; readonly resultFormat?: 'table' | 'time_series' };

/** What these tests read of a dashboard's JSON. */
type StoredDashboard = {
  readonly panels: readonly {
    readonly type: string;
    readonly title: string;
    readonly interval?: string;
    readonly targets?: readonly Query[];
  }[];
  readonly templating: { readonly list: readonly StoredVariable[] };
  readonly annotations: { readonly list?: readonly { readonly name: string; readonly target: Query }[] };
};

export type StoredVariable = {
  readonly name: string;
  readonly type: string;
  readonly query: string | { readonly query: string };
  readonly allValue?: string;
};

/** A query of a panel, a variable or an annotation, as it is in the committed file. */
export type StoredQuery = {
  readonly dashboard: string;
  /** Title of the panel; `variable run`, `annotation Faults`. */
  readonly of: string;
  readonly query: string;
  /** The shortest `$__interval`. */
  readonly interval?: string | undefined;
};

/** The committed dashboards by their names. */
export const STORED: Readonly<Record<string, StoredDashboard>> = Object.fromEntries(
  readdirSync(FOLDER).map((file) => [file.replace('.json', ''), JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))]),
);

export function panelQueries(): readonly StoredQuery[] {
  return Object.entries(STORED).flatMap(([dashboard, { panels }]) =>
    panels.flatMap(({ title, interval, targets = [] }) =>
      targets.map(({ query }) => ({ dashboard, of: title, query, interval })),
    ),
  );
}

export function variableQueries(): readonly StoredQuery[] {
  return Object.entries(STORED).flatMap(([dashboard, { templating }]) =>
    templating.list.flatMap(({ name, query }) =>
      typeof query === 'object' ? [{ dashboard, of: `variable ${name}`, query: query.query }] : [],
    ),
  );
}

export function annotationQueries(): readonly StoredQuery[] {
  return Object.entries(STORED).flatMap(([dashboard, { annotations }]) =>
    (annotations.list ?? []).map(({ name, target }) => ({ dashboard, of: `annotation ${name}`, query: target.query })),
  );
}

/** What "All" stands for in each variable that has it. */
export const ALL_VALUES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.values(STORED).flatMap(({ templating }) =>
    templating.list.flatMap(({ name, allValue }) => (allValue === undefined ? [] : [[name, allValue]])),
  ),
);

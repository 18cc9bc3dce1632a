import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';

/** A data source as panels refer to it. */
export type DataSourceRef = { type: string; uid: string };

/** The InfluxDB of the dashboard: whatever the variable `datasource` says. */
export const DATA_SOURCE: DataSourceRef = { type: 'influxdb', uid: '$' + '{datasource}' };

/** A raw InfluxQL query, as Grafana's InfluxDB plug-in takes it. The SDK has no builder for that plug-in. */
export type InfluxqlQuery = Dataquery & {
  readonly refId: string;
  readonly datasource: DataSourceRef;
  readonly rawQuery: true;
  readonly query: string;
  /** One series for each column and tag set, or all rows in one table. */
  readonly resultFormat: 'time_series' | 'table';
  /** Name of each series; `$col` and `$tag_x` stand for its column and its tags. */
  readonly alias: string;
};

/** Builds a query of time series, each named by `alias`. */
export function timeSeries(query: string, alias = '$col'): QueryBuilder {
  return new QueryBuilder({ query, alias, resultFormat: 'time_series' });
}

/** Builds a query whose rows come as one table. */
export function tableRows(query: string): QueryBuilder {
  return new QueryBuilder({ query, alias: '', resultFormat: 'table' });
}

/** A query that is given its letter by the panel that it is in. */
export class QueryBuilder implements Builder<Dataquery> {
  readonly #query: Pick<InfluxqlQuery, 'query' | 'alias' | 'resultFormat'>;
  #refId = 'A';

  constructor(query: Pick<InfluxqlQuery, 'query' | 'alias' | 'resultFormat'>) {
    this.#query = query;
  }

  refId(refId: string): this {
    this.#refId = refId;
    return this;
  }

  build(): InfluxqlQuery {
    const marker = { _implementsDataqueryVariant: (): void => undefined };
    return { ...marker, refId: this.#refId, datasource: DATA_SOURCE, rawQuery: true, ...this.#query };
  }
}

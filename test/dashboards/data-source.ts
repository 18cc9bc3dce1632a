import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const FILE = join(import.meta.dirname, '../../grafana/provisioning/datasources/loads.yml');

type Provisioned = {
  readonly datasources: readonly {
    readonly uid: string;
    readonly url: string;
    readonly jsonData: Readonly<Record<string, string>>;
    readonly secureJsonData: Readonly<Record<string, string>>;
  }[];
};

export type Row = Readonly<Record<string, unknown>>;

/** The data source as it is provisioned, with this environment filled in. */
export class DataSource {
  readonly uid: string;
  readonly #url: string;
  readonly #database: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(env: Readonly<Record<string, string>>) {
    const text = readFileSync(FILE, 'utf8').replaceAll(/\$(LOADS_\w+)/g, (_, name: string) => env[name] ?? '');
    const [source] = (parse(text) as Provisioned).datasources;
    if (!source) throw new Error('no data source is provisioned');
    const { uid, url, jsonData, secureJsonData } = source;
    this.uid = uid;
    this.#url = url;
    this.#database = jsonData.dbName ?? '';
    this.#headers = { [jsonData.httpHeaderName1 ?? '']: secureJsonData.httpHeaderValue1 ?? '' };
  }

  /** The rows of all series of an answer, each with the tags of its series. Throws with what the database says against it. */
  async query(influxql: string): Promise<readonly Row[]> {
    const parameters = new URLSearchParams({ db: this.#database, epoch: 'ms', q: influxql });
    const response = await fetch(`${this.#url}/query?${parameters}`, { headers: this.#headers });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}: ${influxql}`);
    const { results } = (await response.json()) as Answer;
    const error = results.find((result) => result.error !== undefined)?.error;
    if (error !== undefined) throw new Error(`${error}: ${influxql}`);
    return results.flatMap(({ series = [] }) =>
      series.flatMap(({ tags, columns, values }) =>
        values.map((row) => ({ ...tags, ...Object.fromEntries(columns.map((column, i) => [column, row[i]])) })),
      ),
    );
  }
}

type Answer = {
  readonly results: readonly {
    readonly error?: string;
    readonly series?: readonly {
      readonly tags?: Readonly<Record<string, string>>;
      readonly columns: readonly string[];
      readonly values: readonly (readonly unknown[])[];
    }[];
  }[];
};

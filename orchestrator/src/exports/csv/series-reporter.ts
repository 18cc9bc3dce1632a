import { type Aggregate, trendStats } from '@loads/core';
import type { StoredRun } from '../../run/stored-run.ts';
import type { Reporter } from '../reporter.ts';
import { type CsvCell, csvTable } from './csv.ts';

const FIGURES = ['count', 'sum', 'last', 'min', 'mean', 'max', 'p50', 'p90', 'p95', 'p99', 'p999'] as const;
type Figures = Readonly<Partial<Record<(typeof FIGURES)[number], number | undefined>>>;

/** Every series of the whole run, custom metrics too: a column for each tag that there is. */
export const seriesReporter: Reporter = {
  name: 'csv-series',
  doc: 'CSV: every metric over the whole run, a row for each combination of tags',
  file: 'series.csv',
  report({ summary, nodes }: StoredRun): string {
    const tags = [...new Set(nodes.series.flatMap((one) => Object.keys(one.tags)))].sort();
    const header = ['run', 'metric', 'kind', ...tags.map((tag) => `tag_${tag}`), ...FIGURES];
    const rows = nodes.series.map((one): readonly CsvCell[] => {
      const figures = figuresOf(one.aggregate);
      return [
        ...[summary.run, one.metric, one.aggregate.kind],
        ...tags.map((tag) => one.tags[tag]),
        ...FIGURES.map((figure) => figures[figure]),
      ];
    });
    const sorted = rows.toSorted((a, b) => (a.join('\u0000') < b.join('\u0000') ? -1 : 1));
    return csvTable(header, sorted);
  },
};

/** What an aggregate is in figures; of a rate `sum` is how many of `count` were ones, of a set `count` its members. */
function figuresOf(aggregate: Aggregate): Figures {
  switch (aggregate.kind) {
    case 'counter':
      return { sum: aggregate.sum };
    case 'rate':
      return { count: aggregate.count, sum: aggregate.sum, mean: aggregate.sum / aggregate.count };
    case 'gauge': {
      const { count, sum, last, min, max } = aggregate;
      return { count, sum, last, min, max, mean: sum / count };
    }
    case 'set':
      return { count: aggregate.members.size };
    case 'trend':
      return { ...trendStats(aggregate), sum: aggregate.histogram.sum };
  }
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { allDashboards } from './dashboards/all.ts';

// Writes grafana/dashboards/*.json anew; a test compares them with what is built here.
for (const [name, dashboard] of Object.entries(allDashboards())) {
  const path = join(import.meta.dirname, '../dashboards', `${name}.json`);
  await writeFile(path, `${JSON.stringify(dashboard, undefined, 2)}\n`);
}

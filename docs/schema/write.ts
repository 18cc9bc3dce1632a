import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  baselineJsonSchema,
  comparisonJsonSchema,
  configJsonSchema,
  summaryJsonSchema,
  trendJsonSchema,
} from '@loads/core';
import { cliEventsJsonSchema } from '@loads/orchestrator';

// What `npm run schemas` does: writes the published JSON Schemas from the schemas that the code validates with.
const schemas = {
  'loads.schema.json': configJsonSchema(),
  'summary.schema.json': summaryJsonSchema(),
  'comparison.schema.json': comparisonJsonSchema(),
  'trend.schema.json': trendJsonSchema(),
  'baseline.schema.json': baselineJsonSchema(),
  'events.schema.json': cliEventsJsonSchema(),
};
for (const [name, schema] of Object.entries(schemas)) {
  await writeFile(join(import.meta.dirname, name), `${JSON.stringify(schema, undefined, 2)}\n`);
}

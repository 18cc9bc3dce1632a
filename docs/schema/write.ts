import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configJsonSchema, summaryJsonSchema } from '@loads/core';
import { cliEventsJsonSchema } from '@loads/orchestrator';

// What `npm run schemas` does: writes the published JSON Schemas from the schemas that the code validates with.
const schemas = {
  'loads.schema.json': configJsonSchema(),
  'summary.schema.json': summaryJsonSchema(),
  'events.schema.json': cliEventsJsonSchema(),
};
for (const [name, schema] of Object.entries(schemas)) {
  await writeFile(join(import.meta.dirname, name), `${JSON.stringify(schema, undefined, 2)}\n`);
}

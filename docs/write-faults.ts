import { readFile, writeFile } from 'node:fs/promises';
import { faultMatrix, pluginReference } from '@loads/vaurien';

/** What `npm run docs:faults` does: writes what the registries say into faults.md, each part between its two marks. */
const file = new URL('faults.md', import.meta.url);
const parts = { 'fault matrix': faultMatrix(), reference: pluginReference() };

let page = await readFile(file, 'utf8');
for (const [name, text] of Object.entries(parts)) {
  const [begin, end] = [`<!-- generated: ${name} -->`, `<!-- end of ${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/faults.md has no ${begin} with an ${end} after it`);
  page = `${page.slice(0, from)}${begin}\n\n${text}\n\n${page.slice(to)}`;
}
await writeFile(file, page);

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { mergeTimelines, nodeResultFromJson, type Summary, type Timeline } from '@loads/core';

/** A run as its folder has it: what it was over time, over all its nodes, and how it was judged. */
export type StoredTimeline = { readonly timeline: Timeline; readonly summary: Summary };

/** Reads the folder of a run that has ended. */
export async function storedTimeline(folder: string): Promise<StoredTimeline> {
  const nodes = await readdir(join(folder, 'nodes'));
  const timelines = await Promise.all(
    nodes.map(async (node) => {
      const bytes = await readFile(join(folder, 'nodes', node, 'result.json.gz'));
      return nodeResultFromJson(JSON.parse(gunzipSync(bytes).toString())).timeline;
    }),
  );
  const summary = JSON.parse(await readFile(join(folder, 'summary.json'), 'utf8')) as Summary;
  return { timeline: mergeTimelines(timelines.filter((one) => one !== undefined)), summary };
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import {
  LoadsError,
  NODE_FILES,
  type NodeResult,
  type NodeStart,
  nodeResultToJson,
  RunDigest,
  type Summary,
  summarize,
} from '@loads/core';
import { IMPORTED } from '../../launch/imported.ts';
import { RunFolder, type RunRecord } from '../../store/run-folder.ts';
import { runId } from '../../store/run-id.ts';
import { benchLabels, benchPlan } from './bench-plan.ts';
import { BenchSamples } from './bench-samples.ts';
import { BenchSurvey } from './bench-survey.ts';
import { type BenchFile, readBench } from './read-bench.ts';

export type BenchImport = {
  /** Result files of one bench, one of each node. */
  readonly paths: readonly string[];
  /** Where runs are kept. */
  readonly root: string;
  readonly labels: Readonly<Record<string, string>>;
  /** How `loads` was called. */
  readonly commandLine: readonly string[];
  /** In [0, 1). */
  readonly random: number;
};

export type ImportedBench = {
  readonly folder: RunFolder;
  readonly summary: Summary;
  readonly notes: readonly string[];
};

/**
 * Keeps a bench of FunkLoad as a run. Its files are read twice, in a stream: once for the times, once for the samples. What is
 * damaged keeps the run from being judged, and what is whole is taken. Throws ERR_FILE_MISSING and ERR_IMPORT.
 */
export async function importBench({ paths, root, labels, commandLine, random }: BenchImport): Promise<ImportedBench> {
  const survey = new BenchSurvey();
  const files: BenchFile[] = [];
  for (const path of paths) files.push(await readBench(path, (record) => survey.add(record)));
  const { startMs, cycles } = survey;
  const empty = files.find(({ records }) => records === 0);
  if (startMs === undefined || empty)
    throw new LoadsError('ERR_IMPORT', `${empty?.file ?? paths[0]} has no measurement`, { hint: EMPTY });
  const plan = benchPlan(files, cycles, startMs);
  const [first] = files;
  const run = runId(new Date(startMs), plan.name, random);
  const judging = { tolerateLostNodes: false };
  const record: RunRecord = {
    version: 1,
    run,
    plan,
    launcher: IMPORTED,
    createdAt: new Date(startMs).toISOString(),
    judging,
    labels: { ...(first && benchLabels(first)), ...labels },
    commandLine,
  };
  const folder = await RunFolder.create(root, record);
  const digest = new RunDigest(plan);
  for (const [i, file] of files.entries()) {
    const node = i + 1;
    const samples = new BenchSamples(startMs, plan.target ?? '');
    await readBench(paths[i] ?? '', (one) => samples.add(one));
    const problems = problemsOf(file);
    const result: NodeResult = {
      run,
      node,
      final: true,
      scenario: 'done',
      startedAtMs: startMs,
      interrupted: 0,
      ...(problems.length > 0 && { problems }),
      ...samples.finish(cycles),
    };
    // With that it can be judged again like any other.
    const start: NodeStart = { atMs: startMs, setup: undefined };
    await writeFile(join(folder.nodeDir(node), NODE_FILES.start), JSON.stringify(start));
    const data = await promisify(gzip)(JSON.stringify(nodeResultToJson(result)));
    await writeFile(join(folder.nodeDir(node), NODE_FILES.result), data);
    digest.add({ node, result });
  }
  const summary = summarize(plan, digest, { run, ...judging, stopped: false });
  await folder.writeSummary(summary);
  const monitored = files.reduce((sum, one) => sum + one.monitored, 0);
  const notes = monitored > 0 ? [`${monitored} samples of monitored hosts are left out`] : [];
  return { folder, summary, notes };
}

const EMPTY = 'FunkLoad records nothing before all users of a cycle have begun';

function problemsOf({ file, damaged, closed, records }: BenchFile): readonly string[] {
  const taken = `the ${records} measurements that are whole are taken`;
  return [
    ...(damaged > 0 ? [`${file} is damaged in ${damaged} ${damaged === 1 ? 'place' : 'places'}: ${taken}`] : []),
    ...(closed ? [] : [`${file} was not written to its end: FunkLoad was killed, or the file was cut; ${taken}`]),
  ];
}

import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { RUN_ID } from '../store/run-id.ts';
import { STUDY_FOLDERS, STUDY_KINDS, type StudyKind, type StudyName } from './study.ts';

/** Where the report of a study is. */
export type ReportFile = StudyName & { readonly path: string };

const JSON_FILE = '.json';

/** Keeps the report of a study as JSON, whole or not at all, beside the folder of all runs. Gives its path. */
export async function keepReport(root: string, { kind, id }: StudyName, report: unknown): Promise<string> {
  const folder = resolve(dirname(root), STUDY_FOLDERS[kind]);
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${id}${JSON_FILE}`);
  await writeFile(`${path}.part`, `${JSON.stringify(report, undefined, 2)}\n`);
  await rename(`${path}.part`, path);
  return path;
}

/** The reports beside the folder of all runs, the oldest of each kind first. */
export async function reportFiles(root: string): Promise<readonly ReportFile[]> {
  const found = await Promise.all(
    STUDY_KINDS.map(async (kind) => {
      const folder = join(dirname(root), STUDY_FOLDERS[kind]);
      const names = (await readdir(folder).catch(() => [])).sort();
      return names.flatMap((name) => reportAt(join(folder, name)) ?? []);
    }),
  );
  return found.flat();
}

/** What a path says of the report that it may be the path of. */
export function reportAt(path: string): ReportFile | undefined {
  const id = basename(path, JSON_FILE);
  const folder = basename(dirname(resolve(path)));
  const kind = STUDY_KINDS.find((one: StudyKind) => STUDY_FOLDERS[one] === folder);
  return kind !== undefined && extname(path) === JSON_FILE && RUN_ID.test(id) ? { kind, id, path } : undefined;
}

/** Removes a report with all that was written beside it. */
export async function removeReport({ id, path }: ReportFile): Promise<void> {
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => []);
  const own = names.filter((name) => name.startsWith(`${id}.`));
  // The report itself is the last: without it nobody would find the others.
  for (const name of own.filter((one) => one !== basename(path))) await rm(join(folder, name), { force: true });
  await rm(path, { force: true });
}

import { readFile } from 'node:fs/promises';
import { LoadsError } from '@loads/core';
import type { MatrixReport } from '../matrix/matrix-report.ts';
import type { SearchReport } from '../search/search-report.ts';
import type { SizingReport } from '../sizing/sizing-report.ts';
import type { ReportFile } from './report-files.ts';
import { matrixReportSchema, searchReportSchema, sizingReportSchema } from './report-schema.ts';

/** What came of a study, by its kind. */
export type StudyReport =
  | { readonly kind: 'search'; readonly report: SearchReport }
  | { readonly kind: 'matrix'; readonly report: MatrixReport }
  | { readonly kind: 'sizing'; readonly report: SizingReport };

/** Reads a report. Throws ERR_RUN_DAMAGED when it is none, or not whole. */
export async function readReport({ kind, id, path }: ReportFile): Promise<StudyReport> {
  try {
    const content: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (kind === 'search') return { kind, report: searchReportSchema.parse(content) };
    if (kind === 'matrix') return { kind, report: matrixReportSchema.parse(content) };
    return { kind, report: sizingReportSchema.parse(content) };
  } catch (cause) {
    throw new LoadsError('ERR_RUN_DAMAGED', `the report of ${kind} ${id} cannot be read`, {
      cause,
      hint: `its runs can: \`loads trend --label ${kind}=${id}\``,
    });
  }
}

/** The runs that a report points to, in their order. */
export function runsOf(study: StudyReport): readonly string[] {
  const rows = study.kind === 'matrix' ? study.report.rows : study.report.trials;
  return rows.map(({ run }) => run);
}

/** What came of it, in a few words. */
export function verdictOf(study: StudyReport): string {
  if (study.kind === 'matrix') return study.report.outcome;
  const { holds, end } = study.report;
  if (end === 'stopped') return 'stopped';
  return holds ? `${holds.held > 0 ? 'holds' : 'may hold'} at ${holds.name}` : 'nothing holds';
}

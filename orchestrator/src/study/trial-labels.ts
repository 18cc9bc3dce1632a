import type { RunRecord } from '../store/run-folder.ts';
import { RUN_ID } from '../store/run-id.ts';
import { STUDY_KINDS, type StudyName } from './study.ts';

/** The study that a run is a trial of: its command labelled it with the study's id. Undefined for an ordinary run. */
export function studyOf({ labels = {} }: Pick<RunRecord, 'labels'>): StudyName | undefined {
  const kind = STUDY_KINDS.find((one) => RUN_ID.test(labels[one] ?? ''));
  return kind && { kind, id: labels[kind] ?? '' };
}

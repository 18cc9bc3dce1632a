/** What several runs of one command answer together. They are its trials (the words of Google Vizier, 2017). */
export type StudyKind = 'search' | 'matrix' | 'sizing';

export const STUDY_KINDS: readonly StudyKind[] = ['search', 'matrix', 'sizing'];

/** Where the reports of each kind are kept, beside the folder of all runs. */
export const STUDY_FOLDERS: Readonly<Record<StudyKind, string>> = {
  search: 'searches',
  matrix: 'matrices',
  sizing: 'sizings',
};

export type StudyName = { readonly kind: StudyKind; readonly id: string };

import type { TextAnswer } from './text-answer.ts';

const ERRORS = ['ERROR', 'CLIENT_ERROR', 'SERVER_ERROR'] as const;

const ANSWERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['mn', ['MN']],
  ['me', ['ME', 'EN', ...ERRORS]],
  ['mg', ['VA', 'HD', 'EN', ...ERRORS]],
  ['ms', ['HD', 'NS', 'EX', 'NF', ...ERRORS]],
  ['md', ['HD', 'NS', 'EX', 'NF', ...ERRORS]],
  ['ma', ['HD', 'VA', 'NS', 'EX', 'NF', ...ERRORS]],
]);

/** What the flag `q` leaves unsaid, by every server; newer ones leave out a little more. */
const UNSAID: ReadonlyMap<string, readonly string[]> = new Map([
  ['mg', ['EN']],
  ['ms', ['HD']],
  ['md', ['HD']],
  ['ma', ['HD', 'VA']],
]);

export type MetaCommand = {
  /** Says nothing when all is well (`ms`, `md`, `ma`), or when there is nothing to say (`mg`). */
  readonly quiet: boolean;
  readonly answer: TextAnswer;
};

/** What the words of a line ask for, if they are a meta command. */
export function metaCommand(words: readonly string[]): MetaCommand | undefined {
  const [name = '', key = ''] = words;
  const answers = ANSWERS.get(name);
  if (!answers) return undefined;
  const flags = words.slice(name === 'ms' ? 3 : 2);
  const unsaid = UNSAID.get(name);
  const quiet = unsaid !== undefined && flags.some((flag) => flag.startsWith('q'));
  const codes = new Set(quiet ? answers.filter((code) => !unsaid.includes(code)) : answers);
  const mark = flags.find((flag) => flag.startsWith('O')) ?? (flags.includes('k') ? `k${key}` : undefined);
  return { quiet, answer: { shape: 'meta', codes, mark } };
}

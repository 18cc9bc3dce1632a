/** How a command of the text protocol is answered. */
export type TextAnswer = {
  /** With a line; with values through `END`; with lines of certain beginnings and one more; with a line of the meta protocol. */
  readonly shape: 'line' | 'values' | 'lines' | 'meta';
  /** The first words that the answer to a meta command may have. */
  readonly codes: ReadonlySet<string>;
  /** What the answer to a meta command repeats, when it was told to: `O` with its opaque token, or `k` with its key. */
  readonly mark: string | undefined;
};

/** First words of answers to meta commands. */
const META_CODES: ReadonlySet<string> = new Set(['EN', 'EX', 'HD', 'ME', 'MN', 'NF', 'NS', 'VA']);

/** Lines of `stats` and of `lru_crawler` that more will follow. */
const LISTED: ReadonlySet<string> = new Set(['STAT', 'ITEM', 'PREFIX', 'mg']);

/** Whether a line that begins with `code` may be a part of such an answer. */
export function mayAnswer({ shape, codes }: TextAnswer, code: string): boolean {
  switch (shape) {
    case 'meta':
      return codes.has(code);
    case 'values':
      return code === 'VALUE' || code === 'END' || code.endsWith('ERROR');
    case 'line':
      return code !== 'VALUE' && !META_CODES.has(code);
    case 'lines':
      return code !== 'VALUE' && (code === 'EN' || !META_CODES.has(code));
  }
}

/** Whether the answer ends with such a line. */
export function answerEnds({ shape }: TextAnswer, code: string): boolean {
  if (shape === 'values') return code !== 'VALUE';
  return shape !== 'lines' || !(LISTED.has(code) || code.startsWith('key='));
}

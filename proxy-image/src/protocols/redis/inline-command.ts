const SPACE = /\s/;

/**
 * Splits the line of an inline command into its words, as `sdssplitargs` of the server does, but leaves escapes as they
 * are. Undefined when a quote is not closed, or not followed by a space: the server refuses such a line.
 */
export function splitInline(line: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? '';
    if (SPACE.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === '"' || character === "'") {
      const end = closingQuote(line, at, character);
      if (end === undefined) return undefined;
      word = (word ?? '') + line.slice(at + 1, end);
      at = end;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

function closingQuote(line: string, opening: number, quote: string): number | undefined {
  for (let at = opening + 1; at < line.length; at++) {
    if (line[at] === '\\') at++;
    else if (line[at] === quote) return at + 1 === line.length || SPACE.test(line[at + 1] ?? '') ? at : undefined;
  }
  return undefined;
}

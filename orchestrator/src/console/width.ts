import { stripVTControlCharacters } from 'node:util';

const PLAIN = /^[ -~]*$/;
/** What takes no column of its own: marks on the character before, joiners, and selectors of how it looks. */
const NO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u;
/** What takes two columns: East Asian wide and full-width characters (Unicode UAX #11), and emoji. */
const TWO_COLUMNS =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{17000}-\u{18d08}\u{1b000}-\u{1b2fb}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;

/** How many columns of a terminal a line takes, colours aside. */
export function widthOf(line: string): number {
  const text = stripVTControlCharacters(line);
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += widthOfCharacter(character);
  return width;
}

/** The beginning of a text without colours that takes at most so many columns. */
export function startOf(text: string, columns: number): string {
  if (PLAIN.test(text)) return text.slice(0, Math.max(0, columns));
  let [start, width] = ['', 0];
  for (const character of text) {
    width += widthOfCharacter(character);
    if (width > columns) break;
    start += character;
  }
  return start;
}

function widthOfCharacter(character: string): number {
  if (NO_WIDTH.test(character)) return 0;
  return TWO_COLUMNS.test(character) ? 2 : 1;
}

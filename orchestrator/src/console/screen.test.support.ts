/** A terminal of few abilities: lines, wrapping, scrolling, the cursor up, clearing to the right and below, hiding the cursor. */
export class Screen {
  columns: number;
  rows: number;
  cursorHidden = false;
  /** Whether a row goes on in the next one. */
  #lines: { text: string; wraps: boolean }[] = [{ text: '', wraps: false }];
  #row = 0;
  #column = 0;

  constructor(columns: number, rows = 24) {
    this.columns = columns;
    this.rows = rows;
  }

  /** All lines, also those that have been scrolled out. */
  get lines(): readonly string[] {
    return this.#lines.map(({ text }) => text.trimEnd());
  }

  write(text: string): void {
    for (const [token] of text.matchAll(/\p{Cc}\[[?\d;]*[A-Za-z]|./gsu)) this.#take(token);
  }

  /** Wraps the lines anew, as terminals do. */
  resize(columns: number): void {
    const whole: string[] = [];
    let open = false;
    for (const { text, wraps } of this.#lines) {
      if (open) whole.push(`${whole.pop() ?? ''}${text}`);
      else whole.push(text);
      open = wraps;
    }
    this.columns = columns;
    this.#lines = whole.flatMap((line) => {
      const parts = line.match(new RegExp(`.{1,${columns}}`, 'gu')) ?? [''];
      return parts.map((text, i) => ({ text, wraps: i + 1 < parts.length }));
    });
    this.#row = this.#lines.length - 1;
  }

  /** What has been scrolled out is out of reach. */
  #up(rows: number): void {
    this.#row = Math.max(0, this.#lines.length - this.rows, this.#row - rows);
  }

  #take(token: string): void {
    if (token === '\n') this.#newline(false);
    else if (token === '\r') this.#column = 0;
    else if (/^\p{Cc}\[\d+A$/u.test(token)) this.#up(Number.parseInt(token.slice(2), 10));
    else if (token === '\u001b[K') this.#line().text = this.#line().text.slice(0, this.#column);
    else if (token === '\u001b[J') {
      this.#line().text = this.#line().text.slice(0, this.#column);
      this.#lines.length = this.#row + 1;
    } else if (token === '\u001b[?25l') this.cursorHidden = true;
    else if (token === '\u001b[?25h') this.cursorHidden = false;
    else if (/^\p{Cc}\[[\d;]*m$/u.test(token)) return;
    else if (token.startsWith('\u001b')) throw new Error(`the screen does not know ${JSON.stringify(token)}`);
    else this.#print(token);
  }

  #print(character: string): void {
    if (this.#column === this.columns) this.#newline(true);
    const line = this.#line();
    line.text = `${line.text.padEnd(this.#column).slice(0, this.#column)}${character}${line.text.slice(this.#column + 1)}`;
    this.#column += 1;
  }

  #newline(wraps: boolean): void {
    this.#line().wraps = wraps;
    this.#row += 1;
    this.#column = 0;
    if (this.#row === this.#lines.length) this.#lines.push({ text: '', wraps: false });
  }

  #line(): { text: string; wraps: boolean } {
    const line = this.#lines[this.#row];
    if (!line) throw new Error('the cursor left the screen');
    return line;
  }
}

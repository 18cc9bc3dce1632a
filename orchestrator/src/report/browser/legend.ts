/** A line of a chart: what it is called, and the name of its colour in the page. */
export type LegendEntry = { readonly label: string; readonly colour: string };

/** The legend of a chart: a button for each line, which hides it, and shows its value where the cursor is. */
export class Legend {
  readonly #outputs: readonly HTMLOutputElement[];
  readonly #when: HTMLElement;

  constructor(host: HTMLElement, entries: readonly LegendEntry[], onToggle: (line: number, shown: boolean) => void) {
    const buttons = entries.map(({ label, colour }, i) => {
      const [button, swatch, output] = [element('button'), element('span'), element('output')];
      button.type = 'button';
      button.ariaPressed = 'true';
      swatch.className = `swatch ${colour}`;
      button.append(swatch, label, output);
      button.addEventListener('click', () => {
        const shown = button.ariaPressed !== 'true';
        button.ariaPressed = String(shown);
        onToggle(i, shown);
      });
      return { button, output };
    });
    this.#outputs = buttons.map(({ output }) => output);
    this.#when = element('span');
    this.#when.className = 'when';
    host.replaceChildren(...buttons.map(({ button }) => button), this.#when);
  }

  /** Shows when the cursor is, and the text of each line there; nothing when it is nowhere. */
  show(when: string, values: readonly string[]): void {
    this.#when.textContent = when;
    for (const [i, output] of this.#outputs.entries()) output.value = values[i] ?? '';
  }
}

function element<Name extends 'button' | 'span' | 'output'>(name: Name): HTMLElementTagNameMap[Name] {
  return document.createElement(name);
}

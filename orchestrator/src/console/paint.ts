import { styleText } from 'node:util';

export type Paint = {
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  strong(text: string): string;
  faint(text: string): string;
};

/** Colours, or none: `--no-color`, NO_COLOR, or a stream that is no terminal. */
export function painter(colors: boolean): Paint {
  const with_ = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    colors ? styleText(format, text, { validateStream: false }) : text;
  return { good: with_('green'), bad: with_('red'), warn: with_('yellow'), strong: with_('bold'), faint: with_('dim') };
}

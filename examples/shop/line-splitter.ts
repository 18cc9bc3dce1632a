/** Gives a function that takes a text stream piece by piece and calls `onLine` for each complete line in it. */
export function lineSplitter(onLine: (line: string) => void): (piece: string) => void {
  let rest = '';
  return function take(piece: string): void {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line.trimEnd());
  };
}

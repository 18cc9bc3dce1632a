import type { Output } from './live-display.ts';

/** Shows how many nodes have been launched. */
export type LaunchDisplay = {
  show(nodes: number): void;
  /** Something to read meanwhile. */
  note(text: string): void;
  close(): void;
};

/** A line that is drawn again for every node, and is gone at the end. Nothing is shown for a single node. */
export function screenLaunch(total: number, output: Output): LaunchDisplay {
  const show = (nodes: number): void => void output.write(`\r  launching nodes: ${nodes}/${total}\u001b[K`);
  if (total > 1) show(0);
  return {
    show(nodes) {
      if (total > 1) show(nodes);
    },
    note: (text) => void output.write(`\r\u001b[K${text}\n`),
    close: () => void (total > 1 && output.write('\r\u001b[K')),
  };
}

/** A line for every quarter of the nodes, for what keeps all that is written. */
export function lineLaunch(total: number, output: Output): LaunchDisplay {
  const step = Math.ceil(total / 4);
  return {
    show(nodes) {
      if (total > 1 && (nodes % step === 0 || nodes === total)) output.write(`launched ${nodes}/${total} nodes\n`);
    },
    note: (text) => void output.write(`${text}\n`),
    close: () => undefined,
  };
}

/** Nothing but the notes. */
export function silentLaunch(notes: Output): LaunchDisplay {
  return { show: () => undefined, note: (text) => void notes.write(`${text}\n`), close: () => undefined };
}

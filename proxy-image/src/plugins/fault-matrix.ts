import { behaviors } from '../behaviors/registry.ts';
import { protocols } from '../protocols/registry.ts';

/** What each behavior comes to on each protocol, as a table in Markdown: the protocol's note, or the behavior's first sentence. */
export function faultMatrix(): string {
  const columns = [...protocols.values()];
  const rows = [...behaviors.values()].map((behavior) =>
    row(
      behavior.name,
      columns.map(({ notes }) => notes?.[behavior.name] ?? firstSentence(behavior.doc)),
    ),
  );
  const head = columns.map(({ name }) => `\`${name}\``).join(' | ');
  return [`| | ${head} |`, `| --- |${' --- |'.repeat(columns.length)}`, ...rows].join('\n');
}

function row(name: string, cells: readonly string[]): string {
  return `| \`${name}\` | ${cells.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
}

function firstSentence(doc: string): string {
  return /^.*?\.(?= |$)/s.exec(doc)?.[0] ?? doc;
}

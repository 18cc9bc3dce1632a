import { behaviors } from '../behaviors/registry.ts';
import { type Option, pluginOptions } from '../config/option.ts';
import { protocols } from '../protocols/registry.ts';

/** The documentation of every behavior and protocol there is, with their options, in Markdown. */
export function pluginReference(): string {
  const options = pluginOptions();
  const of = (group: string, name: string): readonly Option[] =>
    options.filter(({ path }) => path[0] === group && path[1] === name);
  const behaviorParts = [...behaviors.values()].map(({ name, doc }) => part(name, doc, of('behaviors', name)));
  const protocolParts = [...protocols.values()].map(({ name, doc }) => part(name, doc, of('protocols', name)));
  return ['## Behaviors', ...behaviorParts, '## Protocols', ...protocolParts].join('\n\n');
}

function part(name: string, doc: string, options: readonly Option[]): string {
  const head = `### \`${name}\`\n\n${doc}`;
  if (options.length === 0) return head;
  const rows = options.map(({ path, doc: meaning, otherwise }) => {
    const standard = otherwise === undefined ? '' : `\`${otherwise}\``;
    return `| \`${path.at(-1)}\` | ${standard} | ${meaning.replaceAll('|', '\\|')} |`;
  });
  return [`${head}\n`, '| option | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

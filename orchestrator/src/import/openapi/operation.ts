import { listOf, type Node, type OpenApiDocument, own, textIn } from './document.ts';

const METHODS = ['get', 'head', 'options', 'post', 'put', 'patch', 'delete', 'trace'] as const;

/** An operation of a description: a method of a path, with the parameters of both. */
export type Operation = {
  readonly method: string;
  /** With templates: `/items/{id}`. */
  readonly path: string;
  readonly tag: string;
  readonly node: Node;
  readonly parameters: readonly Node[];
};

/** The operations of a description in its order; those that delete come last under their tag. */
export function operationsOf(document: OpenApiDocument): readonly Operation[] {
  const found = Object.entries(document.node(document.root.paths)).flatMap(([path, given]) => {
    const item = document.node(given);
    return METHODS.flatMap((method): readonly Operation[] => {
      const value = own(item, method);
      if (value === undefined || !path.startsWith('/')) return [];
      const node = document.node(value);
      const [tag] = listOf(node.tags);
      const parameters = parametersOf(document, item, node);
      return [{ method: method.toUpperCase(), path, tag: typeof tag === 'string' ? tag : '', node, parameters }];
    });
  });
  return found.toSorted((a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'));
}

/** The operation's own parameters stand over those of its path. */
function parametersOf(document: OpenApiDocument, item: Node, operation: Node): readonly Node[] {
  const byName = new Map<string, Node>();
  for (const one of [...listOf(item.parameters), ...listOf(operation.parameters)]) {
    const parameter = document.node(one);
    byName.set(`${textIn(parameter, 'in')} ${textIn(parameter, 'name')}`, parameter);
  }
  return [...byName.values()];
}

/** The status that an operation answers with when all is well. */
export function expectedStatus(document: OpenApiDocument, { node }: Operation): number | `${number}XX` | 'any' {
  const names = Object.keys(document.node(node.responses));
  const [exact] = names.filter((name) => /^[23]\d\d$/.test(name)).sort();
  if (exact !== undefined) return Number(exact);
  const range = names.find((name) => /^[23]XX$/i.test(name));
  return range === undefined ? 'any' : (`${Number(range[0])}XX` as const);
}

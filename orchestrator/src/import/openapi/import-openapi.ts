import { distinctSteps } from '../distinct-steps.ts';
import type { ImportedRequest, ImportedScenario } from '../imported-scenario.ts';
import { shortName } from '../request-url.ts';
import { Secrets } from '../secrets.ts';
import { textOf } from '../source/value.ts';
import { listOf, type OpenApiDocument, textIn } from './document.ts';
import { expectedStatus, type Operation, operationsOf } from './operation.ts';
import { operationBody } from './operation-body.ts';
import { cookiesOf, headersOf, pathOf, queryOf } from './parameters.ts';
import { credentialsOf } from './security.ts';

export type OpenApiOptions = { readonly name: string; readonly file: string };

/**
 * A scenario that asks for every operation of a description once, grouped by tag, with its examples. Throws ERR_IMPORT for
 * references that cannot be followed. Gives one without steps when there is no operation.
 */
export function importOpenApi(document: OpenApiDocument, { name, file }: OpenApiOptions): ImportedScenario {
  const secrets = new Secrets();
  const { target, base } = serverOf(document);
  const operations = operationsOf(document);
  const steps = new Map<string, { readonly name: string; readonly requests: ImportedRequest[] }>();
  for (const operation of operations) {
    const step = steps.get(operation.tag) ?? { name: shortName(operation.tag), requests: [] };
    step.requests.push(requestOf(document, operation, base, secrets));
    steps.set(operation.tag, step);
  }
  const title = textIn(document.node(document.root.info), 'title');
  return {
    name,
    origin: `Imported from ${file} (OpenAPI${title === undefined ? '' : `, ${shortName(title)}`}): ${operations.length} requests.`,
    target,
    steps: distinctSteps([...steps.values()]),
    secrets: secrets.names,
    notes: target === undefined ? ['it names no server: say where with -t'] : [],
  };
}

function requestOf(document: OpenApiDocument, operation: Operation, base: string, secrets: Secrets): ImportedRequest {
  const credentials = credentialsOf(document, operation, secrets);
  const given = operationBody(document, operation);
  const typed = given && given.body.implies !== given.contentType.toLowerCase();
  const query = queryOf(document, operation, secrets);
  const keys = credentials.query.flatMap(([key, secret], i) => [
    `${query.length === 0 && i === 0 ? '?' : '&'}${encodeURIComponent(key.toWellFormed())}=`,
    secret,
  ]);
  const headers = new Map([
    ...(typed ? ([['content-type', given.contentType]] as const) : []),
    ...headersOf(document, operation, secrets),
    ...credentials.headers,
  ]);
  const cookies = [...cookiesOf(document, operation, secrets), ...credentials.cookies];
  if (cookies.length > 0)
    headers.set('cookie', textOf(cookies.flatMap((cookie, i) => (i === 0 ? cookie : ['; ', ...cookie]))));
  return {
    name: shortName(`${operation.method} ${operation.path}`),
    method: operation.method,
    url: textOf([base, ...pathOf(document, operation, secrets), ...query, ...keys]),
    headers: { kind: 'map', entries: [...headers].filter(([name]) => /^[\w!#$%&'*+.^`|~-]+$/.test(name)) },
    body: given?.body,
    expected: expectedStatus(document, operation),
  };
}

/** The first server of a description: the target, or only what its paths begin with. */
function serverOf(document: OpenApiDocument): { readonly target: string | undefined; readonly base: string } {
  const server = document.node(listOf(document.root.servers)[0]);
  const variables = document.node(server.variables);
  const text = (textIn(server, 'url') ?? '').replaceAll(/\{([^{}]*)\}/g, (_, name: string) =>
    String(document.node(variables[name]).default ?? ''),
  );
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol)) {
    return { target: `${url.origin}${url.pathname.replace(/\/+$/, '')}`, base: '' };
  }
  const base =
    url === null && text.startsWith('/') ? new URL(text, 'http://localhost').pathname.replace(/\/+$/, '') : '';
  return { target: undefined, base };
}

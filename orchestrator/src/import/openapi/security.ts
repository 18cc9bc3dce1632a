import type { Secrets } from '../secrets.ts';
import { type Secret, textOf, type Value } from '../source/value.ts';
import { listOf, mapOf, type OpenApiDocument, own, textIn } from './document.ts';
import type { Operation } from './operation.ts';

/** What an operation wants from who asks: headers, cookies, and parts of the query. */
export type Credentials = {
  /** `name=value` each. */
  readonly cookies: readonly (readonly (string | Secret)[])[];
  readonly headers: readonly (readonly [string, Value])[];
  readonly query: readonly (readonly [string, Secret])[];
};

/** The credentials of an operation, as secrets; none where it may be asked without. */
export function credentialsOf(document: OpenApiDocument, { node }: Operation, secrets: Secrets): Credentials {
  const alternatives = listOf(own(node, 'security') ?? own(document.root, 'security')).map(mapOf);
  const free = alternatives.length === 0 || alternatives.some((one) => Object.keys(one).length === 0);
  const headers: (readonly [string, Value])[] = [];
  const cookies: (readonly (string | Secret)[])[] = [];
  const query: (readonly [string, Secret])[] = [];
  const schemes = document.node(document.node(document.root.components).securitySchemes);
  for (const name of free ? [] : Object.keys(alternatives[0] ?? {})) {
    const scheme = document.node(own(schemes, name));
    const secret = (): Secret => secrets.take(name, name);
    const key = textIn(scheme, 'name') ?? '';
    const type = textIn(scheme, 'type');
    if (type === 'apiKey' && scheme.in === 'query') query.push([key, { ...secret(), encoded: true }]);
    else if (type === 'apiKey' && scheme.in === 'cookie') cookies.push([`${key}=`, secret()]);
    else if (type === 'apiKey') headers.push([key.toLowerCase(), secret()]);
    else if (type !== undefined)
      headers.push(['authorization', textOf([`${schemeOf(textIn(scheme, 'scheme'))} `, secret()])]);
  }
  return { cookies, headers, query };
}

/** OAuth and OpenID give bearer tokens. */
function schemeOf(scheme: string | undefined): string {
  if (scheme === undefined || !/^[\w-]+$/.test(scheme)) return 'Bearer';
  return scheme.charAt(0).toUpperCase() + scheme.slice(1);
}

import { isSecretName, type Secrets } from './secrets.ts';
import { commentText } from './source/literal.ts';
import { type Secret, type Template, textOf } from './source/value.ts';

/** A URL as a request has it, with secret values of its query taken out. */
export function requestUrl(base: string, url: URL, secrets: Secrets): string | Secret | Template {
  if (url.search === '') return base + url.pathname;
  const parts: (string | Secret)[] = [`${base}${url.pathname}?`];
  for (const [i, pair] of url.search.slice(1).split('&').entries()) {
    const equals = pair.indexOf('=');
    const name = equals === -1 ? pair : pair.slice(0, equals);
    const value = pair.slice(equals + 1);
    const joint = i === 0 ? '' : '&';
    if (equals === -1 || value === '' || !isSecretName(decoded(name))) parts.push(joint + pair);
    else parts.push(`${joint}${name}=`, { ...secrets.take(decoded(name), decoded(value)), encoded: true });
  }
  return textOf(parts);
}

const LONGEST_NAME = 60;

/** A name for requests of one kind: `GET /users/:id`. What looks like an id does not count, nor does the query. */
export function nameOfRequest(method: string, pathname: string): string {
  const path = pathname.split('/').map((segment) => (isIdLike(segment) ? ':id' : decoded(segment)));
  return shortName(`${method} ${path.join('/')}`);
}

/** A name that fits a line and a table: no control characters, and not too long. */
export function shortName(text: string): string {
  const plain = commentText(text.toWellFormed());
  const letters = Array.from(plain);
  return letters.length > LONGEST_NAME ? `${letters.slice(0, LONGEST_NAME - 3).join('')}...` : plain;
}

/** As the names that requests get by themselves: numbers, UUIDs, hex, and what is very long. */
function isIdLike(segment: string): boolean {
  return (
    segment.length > 40 ||
    /^\d+$/.test(segment) ||
    /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(segment) ||
    /^(?=.*\d)[\da-f]{8,}$/i.test(segment)
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

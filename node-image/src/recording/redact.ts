export const REDACTED = '[redacted]';

/** Words of a name, as in `x-api-key`, `csrfToken` or `client_secret`, that say that its value is not for everyone. */
const SECRET_WORDS: ReadonlySet<string> = new Set([
  ...['password', 'passwd', 'passphrase', 'pwd', 'secret', 'token', 'apikey', 'accesskey', 'privatekey'],
  ...['auth', 'authorization', 'authentication', 'credential', 'credentials', 'cookie', 'session', 'sessionid', 'sid'],
  ...['signature', 'sig', 'jwt', 'pin', 'otp', 'cvv', 'cvc'],
]);

/** `"name": value` of JSON, also where the end of the value was cut off. */
const JSON_FIELD = /("((?:[^"\\]|\\.){1,100})"\s{0,9}:\s{0,9})("(?:[^"\\]|\\.)*(?:"|$)|[^\s,"{}[\]]+)/g;
/** `name=value` of a query or a form. */
const FORM_FIELD = /((?:^|[?&;\s])([\w.%[\]-]{1,100})=)[^&;#\s"'<>]+/g;
/** `user:password@` of a URL. */
const USER_INFO = /(\b[a-z][a-z\d+.-]{0,20}:\/\/)[^\s/?#@]{1,500}@/gi;
const CREDENTIALS = /\b(bearer|basic)\s{1,9}[\w+/=.~-]{6,}/gi;

/** The headers with the values of secret ones left out. */
export function redactHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, isSecret(name) ? REDACTED : redactText(value)]),
  );
}

/**
 * A text without the secrets that can be told by their place: passwords of URLs, fields of queries, forms and JSON whose
 * name says so, and what follows `Bearer` or `Basic`. What nothing tells from other text stays.
 */
export function redactText(text: string): string {
  return text
    .replaceAll(USER_INFO, `$1${REDACTED}@`)
    .replaceAll(CREDENTIALS, `$1 ${REDACTED}`)
    .replaceAll(JSON_FIELD, (field, before: string, name: string) =>
      isSecret(name) ? `${before}"${REDACTED}"` : field,
    )
    .replaceAll(FORM_FIELD, (field, before: string, name: string) => (isSecret(name) ? before + REDACTED : field));
}

function isSecret(name: string): boolean {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z\d]+/);
  return words.some((word, i) => SECRET_WORDS.has(word) || SECRET_WORDS.has(word + (words[i + 1] ?? '')));
}

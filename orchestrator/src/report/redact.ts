import type { RunPlan } from '@loads/core';
import { isSecretName } from '../import/secrets.ts';

/** What stands for a secret. */
export const REDACTED = '[redacted]';

const USER_INFO = /(\b[a-z][a-z\d+.-]{0,20}:\/\/)[^\s/?#@]{1,500}@/gi;
const CREDENTIALS = /\b(bearer|basic)\s{1,9}[\w+/=.~-]{6,}/gi;
const FORM_FIELD = /((?:^|[?&;\s])-{0,2}([\w.%[\]-]{1,100})=)[^&;#\s"'<>]+/g;
const SECRET_WORDS = /^(cookie|key|cert|pem|private_?key|.*_(pass|pw|key)|.*cookie)$/i;

/**
 * A plan as a report may show it: without tokens, keys, and passwords in URLs. Of variables for scenarios only the names are left,
 * since nobody knows which are secret; of plug-ins their code is left out, for its length.
 */
export function redactedPlan(plan: RunPlan): unknown {
  const env = Object.fromEntries(Object.keys(plan.env).map((name) => [name, REDACTED]));
  const plugins = plan.plugins?.map(({ source, file }) => ({ source, file }));
  const { scenario } = plan;
  const command = scenario.kind === 'command' ? redactedArguments(['--', ...scenario.command]).slice(1) : undefined;
  return redacted({
    ...plan,
    ...(command && { scenario: { ...scenario, command } }),
    env,
    ...(plugins && { plugins }),
  });
}

/** A value as JSON in one line, without secrets and what makes it hard to read: `sleep: 300, code: 503`. */
export function redactedText(value: object): string {
  return Object.entries(redacted(value) as object)
    .map(([name, one]) => `${name}: ${typeof one === 'object' ? JSON.stringify(one) : String(one)}`)
    .join(', ');
}

/** The arguments of a command without the values of variables, and what else is secret by its name. */
export function redactedArguments(args: readonly string[]): readonly string[] {
  const dashes = args.indexOf('--');
  return args.map((arg, i) => {
    const before = args[i - 1] ?? '';
    const own = dashes === -1 || i < dashes;
    if (own && (before === '-e' || before === '--env')) return arg.replace(/=.*$/s, `=${REDACTED}`);
    if (own && /^(-e.|--env=)/s.test(arg)) return arg.replace(/^(-e|--env=)([^=]*).*$/s, `$1$2=${REDACTED}`);
    if (/^--?[\w-]+$/.test(before) && isSecret(before.replace(/^-+/, ''))) return REDACTED;
    return withoutSecrets(arg);
  });
}

/** A text without passwords of URLs, and fields whose name says that they are secret. */
export function withoutSecrets(text: string): string {
  return text
    .replaceAll(USER_INFO, `$1${REDACTED}@`)
    .replaceAll(CREDENTIALS, `$1 ${REDACTED}`)
    .replaceAll(FORM_FIELD, (field, before: string, name: string) => (isSecret(name) ? before + REDACTED : field));
}

function redacted(value: unknown): unknown {
  if (typeof value === 'string') return withoutSecrets(value);
  if (Array.isArray(value)) return value.map(redacted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => {
      const hidden = isSecret(name) && (typeof one === 'string' || typeof one === 'number');
      return [name, hidden ? REDACTED : redacted(one)];
    }),
  );
}

function isSecret(name: string): boolean {
  return isSecretName(name) || SECRET_WORDS.test(name);
}

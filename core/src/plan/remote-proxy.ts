import { didYouMean, type Problem } from './problem.ts';

/** A proxy of a `vaurien` that stands elsewhere. It keeps its part of the schedule by itself. */
export type RemoteProxyPlan = {
  /** What the run calls it. */
  readonly name: string;
  /** URL of its control API, as seen from node 1. */
  readonly control: string;
  /** What the control API demands; a secret. */
  readonly token?: string | undefined;
  /** What its own process calls it. */
  readonly remoteName: string;
  /** What it has to speak; undefined: whatever it does. */
  readonly protocol?: string | undefined;
  /** Its entries of the schedule as the user wrote them, in the form that the control API takes. */
  readonly entries: readonly Readonly<Record<string, unknown>>[];
};

const KEYS: readonly string[] = ['control', 'token', 'name', 'protocol'];

/** Whether an entry of `proxies` means a proxy that stands elsewhere. */
export function isRemote(proxy: Readonly<Record<string, unknown>>): boolean {
  return proxy.control !== undefined;
}

/** Reads an entry of `proxies` that has a `control`, without its entries of the schedule, or gives all problems with it. */
export function readRemote(
  name: string,
  proxy: Readonly<Record<string, unknown>>,
): Omit<RemoteProxyPlan, 'entries'> | { readonly problems: readonly Problem[] } {
  const { control, token, name: remoteName = name, protocol } = proxy;
  const problems: Problem[] = Object.keys(proxy)
    .filter((key) => !KEYS.includes(key) && proxy[key] !== undefined)
    .map((key) => ({ path: [key], message: strange(key) }));
  if (typeof control !== 'string' || !isHttpUrl(control)) {
    problems.push({ path: ['control'], message: 'expected the URL of a control API such as http://127.0.0.1:8080' });
  } else if (new URL(control).username !== '' || new URL(control).password !== '') {
    problems.push({ path: ['control'], message: 'a secret does not belong into the URL: say it as `token`' });
  }
  if (token !== undefined && (typeof token !== 'string' || token === '')) {
    problems.push({ path: ['token'], message: 'expected a text that is not empty' });
  }
  if (typeof remoteName !== 'string' || remoteName === '') {
    problems.push({ path: ['name'], message: 'expected the name that it has at its control' });
  }
  if (problems.length > 0) return { problems };
  return {
    name,
    control: String(control),
    token: token === undefined ? undefined : String(token),
    remoteName: String(remoteName),
    protocol: protocol === undefined ? undefined : String(protocol),
  };
}

function strange(key: string): string {
  const hint = didYouMean(key, KEYS);
  const reason = `a proxy with a \`control\` stands elsewhere, and takes ${KEYS.join(', ')} alone`;
  return `'${key}' is none of its keys; ${hint === undefined ? reason : `did you mean '${hint}'?`}`;
}

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol);
}

import { distinctSteps } from '../distinct-steps.ts';
import type { ImportedRequest, ImportedScenario } from '../imported-scenario.ts';
import { requestHeaders, withoutHeaders } from '../request-headers.ts';
import { nameOfRequest, requestUrl, shortName } from '../request-url.ts';
import { Secrets } from '../secrets.ts';
import { type HarChoice, whyLeftOut } from './entry-choice.ts';
import { harBody } from './har-body.ts';
import type { Har, HarEntry } from './har-schema.ts';

export type HarOptions = HarChoice & {
  /** The name of the scenario. */
  readonly name: string;
  readonly file: string;
  /** Whether the pauses between requests are kept. */
  readonly thinkTime: boolean;
};

type Kept = { readonly entry: HarEntry; readonly url: URL };

/** Pauses shorter than this are the browser's own, and longer ones than that are people who went for coffee. ms. */
const LEAST_THINK_MS = 100;
const MOST_THINK_MS = 60_000;

/** A scenario of what a recording asked for, in its order, grouped by page. Gives one without steps when nothing is left. */
export function importHar({ log }: Har, options: HarOptions): ImportedScenario {
  const leftOut = new Map<string, number>();
  const kept = inOrder(log.entries).flatMap((entry): readonly Kept[] => {
    const url = URL.parse(entry.request.url);
    const why = whyLeftOut(entry, url, options);
    if (why !== undefined) leftOut.set(why, (leftOut.get(why) ?? 0) + 1);
    return why === undefined && url !== null ? [{ entry, url }] : [];
  });
  const target = mostFrequent(kept.map(({ url }) => url.origin));
  const secrets = new Secrets();
  const titles = new Map(log.pages.map(({ id, title }) => [id, title]));
  const steps = new Map<string, { readonly name: string; readonly requests: ImportedRequest[] }>();
  for (const [i, { entry, url }] of kept.entries()) {
    const page = entry.pageref !== undefined && titles.has(entry.pageref) ? entry.pageref : '';
    const step = steps.get(page) ?? { name: stepName(titles.get(page), page), requests: [] };
    const thinkMs = options.thinkTime ? thinkTime(kept[i - 1]?.entry, entry) : undefined;
    step.requests.push({ ...importedRequest(entry, url, url.origin === target ? '' : url.origin, secrets), thinkMs });
    steps.set(page, step);
  }
  const counts = Array.from(leftOut, ([why, count]) => `${count} ${why}`);
  return {
    name: options.name,
    origin: `Imported from ${options.file} (HAR): ${kept.length} requests.`,
    target,
    steps: distinctSteps([...steps.values()]),
    secrets: secrets.names,
    notes: counts.length === 0 ? [] : [`left out: ${counts.join(', ')}`],
  };
}

/** The hosts of a recording, the most frequent first. */
export function hostsOf({ log }: Har): readonly string[] {
  const counts = new Map<string, number>();
  for (const { request } of log.entries) {
    const host = URL.parse(request.url)?.host ?? '';
    if (host !== '') counts.set(host, (counts.get(host) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([host]) => host);
}

function importedRequest({ request, response }: HarEntry, url: URL, base: string, secrets: Secrets): ImportedRequest {
  const method = request.method.toUpperCase();
  const body = request.postData && harBody(request.postData, secrets);
  const headers = requestHeaders(
    [
      ...(request.postData ? [['content-type', request.postData.mimeType] as const] : []),
      ...request.headers.map(({ name, value }) => [name, value] as const),
      ...basicOf(url),
    ],
    secrets,
  );
  const type = headers.entries.find(([name]) => name === 'content-type')?.[1];
  const implied = typeof type === 'string' && body?.implies === type.toLowerCase().split(';')[0]?.trim();
  return {
    name: nameOfRequest(method, url.pathname),
    method,
    url: requestUrl(base, url, secrets),
    headers: implied || !body ? withoutHeaders(headers, ['content-type']) : headers,
    body,
    // Asked without its condition, what was in the browser's cache comes whole.
    expected: response.status === 304 ? 200 : response.status,
  };
}

function basicOf({ username, password }: URL): readonly (readonly [string, string])[] {
  if (username === '' && password === '') return [];
  return [['authorization', `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`]];
}

/** By their beginning, where all say when that was. */
function inOrder(entries: readonly HarEntry[]): readonly HarEntry[] {
  const known = entries.every((entry) => !Number.isNaN(startOf(entry)));
  return known ? entries.toSorted((a, b) => startOf(a) - startOf(b)) : entries;
}

function startOf({ startedDateTime }: HarEntry): number {
  return Date.parse(startedDateTime ?? '');
}

/** From the end of a request to the next one, in ms; undefined for none worth to be waited for. */
function thinkTime(before: HarEntry | undefined, entry: HarEntry): number | undefined {
  if (before === undefined) return undefined;
  const gap = startOf(entry) - startOf(before) - (before.time ?? 0);
  return gap >= LEAST_THINK_MS ? Math.min(Math.round(gap / 10) * 10, MOST_THINK_MS) : undefined;
}

function mostFrequent(texts: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  let [best, most]: [string | undefined, number] = [undefined, 0];
  for (const [text, count] of counts) if (count > most) [best, most] = [text, count];
  return best;
}

/** Browsers give a page its URL as title: its path says as much. */
function stepName(title: string | undefined, page: string): string {
  const url = title === undefined ? null : URL.parse(title);
  const name = shortName(url && /^https?:$/.test(url.protocol) ? url.pathname : (title ?? ''));
  return name || shortName(page);
}

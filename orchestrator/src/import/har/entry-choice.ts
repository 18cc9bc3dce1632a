import type { HarEntry } from './har-schema.ts';

export type HarChoice = {
  /** Only requests to these hosts, or to hosts below them; none: to all. */
  readonly hosts: readonly string[];
  /** Whether pictures, fonts, styles and scripts are requested as well. */
  readonly withStatic: boolean;
};

const STATIC_KINDS = ['image', 'imageset', 'media', 'font', 'stylesheet', 'script', 'manifest', 'texttrack'];
const STATIC_TYPES = /^(image|font|audio|video)\/|^text\/css|javascript|font-woff/i;
const STATIC_ENDINGS = /\.(png|jpe?g|gif|svg|webp|avif|ico|bmp|woff2?|ttf|otf|eot|css|m?js|map|mp[34]|webm|ogg)$/i;

/** Why an entry is no request of the scenario; undefined when it is one. */
export function whyLeftOut(entry: HarEntry, url: URL | null, { hosts, withStatic }: HarChoice): string | undefined {
  const { method } = entry.request;
  if (url === null || !/^https?:$/.test(url.protocol)) return 'no http';
  if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(method) || method.toUpperCase() === 'CONNECT') return 'no http';
  if (entry._resourceType === 'websocket' || entry.response.status === 101) return 'websocket';
  if (entry.response.status < 100 || entry.response.status > 599) return 'unanswered';
  if (hosts.length > 0 && !hosts.some((host) => isBelow(url, host))) return 'other hosts';
  if (!withStatic && isStatic(entry, url)) return 'static';
  return undefined;
}

function isBelow(url: URL, host: string): boolean {
  const wanted = host.toLowerCase().replace(/^\*?\./, '');
  return url.host === wanted || url.hostname === wanted || url.hostname.endsWith(`.${wanted}`);
}

function isStatic({ _resourceType, request, response }: HarEntry, url: URL): boolean {
  if (_resourceType !== undefined && STATIC_KINDS.includes(_resourceType)) return true;
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  return STATIC_TYPES.test(response.content.mimeType) || STATIC_ENDINGS.test(url.pathname);
}

/** A request or a test, as FunkLoad writes it; what is not said is usual. */
export type Line = {
  readonly cycle?: number;
  readonly users?: number;
  readonly thread?: number;
  readonly step?: number;
  readonly type?: string;
  readonly url?: string;
  readonly code?: number;
  readonly description?: string;
  readonly result?: 'Successful' | 'Failure' | 'Error';
  /** Epoch s. */
  readonly time: number;
  /** s. */
  readonly duration: number;
  /** Of a failed request. */
  readonly body?: string;
  /** Of a failed test. */
  readonly traceback?: string;
};

const number = (value = 0): string => String(value).padStart(3, '0');

/** A value as Python's `quoteattr` writes it. */
export function quoteattr(value: string): string {
  const escaped = value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\r', '&#13;')
    .replaceAll('\t', '&#9;');
  if (!escaped.includes('"')) return `"${escaped}"`;
  return escaped.includes("'") ? `"${escaped.replaceAll('"', '&quot;')}"` : `'${escaped}'`;
}

export function responseXml(line: Line): string {
  const { cycle, users = 1, thread = 1, step = 1, type = 'get', url = '/', code = 200, description = '' } = line;
  const { result = 'Successful', time, duration, body } = line;
  const start = `<response cycle="${number(cycle)}" cvus="${number(users)}" thread="${number(thread)}" suite="Shop" name="test_shop" step="${number(step)}" number="001" type="${type}" result="${result}" url=${quoteattr(url)} code="${code}" description=${quoteattr(description)} time="${time}" duration="${duration}"`;
  if (body === undefined) return `${start} />`;
  const headers = `  <headers>\n    <header name="server" value=${quoteattr('a "b"')} />\n  </headers>`;
  return `${start}>\n${headers}\n  <body><![CDATA[\n${body}\n]]>\n  </body>\n</response>`;
}

export function testXml({
  cycle,
  users = 1,
  thread = 1,
  result = 'Successful',
  time,
  duration,
  traceback,
}: Line): string {
  const trace = traceback === undefined ? '' : `traceback=${quoteattr(traceback)}`;
  return `<testResult cycle="${number(cycle)}" cvus="${number(users)}" thread="${number(thread)}" suite="Shop" name="test_shop"  time="${time}" result="${result}" steps="1" duration="${duration}" connection_duration="0" requests="1" pages="1" xmlrpc="0" redirects="0" images="0" links="0" ${trace}/>`;
}

/** A file of FunkLoad's; one that was not written to its end has no `</funkload>`. */
export function benchXml(
  lines: readonly string[],
  { closed = true, config = {} }: { closed?: boolean; config?: Readonly<Record<string, string>> } = {},
): string {
  const known = {
    id: 'test_shop',
    class: 'Shop',
    module: 'test_Shop',
    method: 'test_shop',
    cycles: '[1, 2]',
    duration: '10',
  };
  const keys = Object.entries({ ...known, server_url: 'http://shop.example:8080', ...config });
  const configs = keys.map(([key, value]) => `<config key="${key}" value=${quoteattr(value)} />`);
  const head = ['<funkload version="1.17.2" time="2014-03-09T10:00:00.123456">', ...configs];
  return `${[...head, ...lines].join('\n')}\n${closed ? '</funkload>\n' : ''}`;
}

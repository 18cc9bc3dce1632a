import type { RequestExample } from './request-example.ts';

/**
 * A request and its response the way `curl -v` shows them: a line begins with `>` for what was sent and with `<` for what
 * came back. Nothing in a line can steer a terminal.
 */
export function requestLines({ method, url, headers, body, durationMs, response }: RequestExample): readonly string[] {
  const sent = [`${method} ${url}`, ...headerLines(headers), ...bodyLines(body)];
  const took = `${durationMs.toFixed(1)}ms`;
  const came = response
    ? [`${response.status} after ${took}`, ...headerLines(response.headers), ...bodyLines(response.body)]
    : [`no response after ${took}`];
  return [...sent.map((line) => `> ${harmless(line)}`), ...came.map((line) => `< ${harmless(line)}`)].map((line) =>
    line.trimEnd(),
  );
}

function headerLines(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
}

/** After an empty line, as on the wire. */
function bodyLines(body: string | undefined): readonly string[] {
  return body === undefined ? [] : ['', ...body.split(/\r?\n/)];
}

function harmless(line: string): string {
  return line.replaceAll('\t', '  ').replaceAll(/\p{Cc}/gu, '\uFFFD');
}

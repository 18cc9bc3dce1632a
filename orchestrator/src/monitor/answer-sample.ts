import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HostSample } from '@loads/core';
import { refusalOf } from '@loads/vaurien';

/** Answers `GET /sample` with what a host tells of itself, and everything else with why not. */
export async function answerSample(
  request: IncomingMessage,
  response: ServerResponse,
  token: string | undefined,
  sample: () => Promise<HostSample>,
): Promise<void> {
  const refused = refusalOf(request.headers, token) ?? misplaced(request);
  const body = refused === undefined ? await sample() : { error: refused.description };
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...refused?.headers };
  response.writeHead(refused?.status ?? 200, headers).end(`${JSON.stringify(body)}\n`);
}

type Misplaced = { readonly status: number; readonly description: string; readonly headers?: undefined };

function misplaced({ method, url }: IncomingMessage): Misplaced | undefined {
  if (url !== '/sample') return { status: 404, description: 'there is /sample' };
  return method === 'GET' ? undefined : { status: 405, description: 'there is GET /sample' };
}

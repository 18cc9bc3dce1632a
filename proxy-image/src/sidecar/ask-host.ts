import { type HostSample, hostSampleSchema, type MonitorPlan } from '@loads/core';

/** More than any host tells, with all of its plug-ins. */
const MOST_BYTES = 256 * 1024;

/** What a host answered, or why there is no answer: it was late, cannot be reached, lets nobody in, or says something else. */
export type HostAnswer = HostSample | { readonly missed: 'time' | 'connection' | 'token' | 'answer' };

/** Asks the `loads monitor` of a host, once; within `limitMs`. */
export async function askHost(
  { url, token }: MonitorPlan,
  { limitMs, signal }: { readonly limitMs: number; readonly signal: AbortSignal },
): Promise<HostAnswer> {
  const limit = AbortSignal.timeout(limitMs);
  try {
    const response = await fetch(`${url.replace(/\/+$/, '')}/sample`, {
      headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
      // The token is for the host that the user named, and no other.
      redirect: 'manual',
      signal: AbortSignal.any([limit, signal]),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      return { missed: response.status === 401 ? 'token' : 'answer' };
    }
    const parsed = hostSampleSchema.safeParse(jsonOf(await shortText(response)));
    return parsed.success ? parsed.data : { missed: 'answer' };
  } catch {
    return { missed: limit.aborted ? 'time' : 'connection' };
  }
}

/** The text of an answer; nothing of one that is too long. */
async function shortText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) return '';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { homedir } from 'node:os';
import { join } from 'node:path';
import { LoadsError } from '@loads/core';

/** Where a container engine listens, and how to speak to it. */
export type EngineAddress =
  | { readonly kind: 'socket'; readonly path: string | undefined }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly certPath: string | undefined }
  | { readonly kind: 'ssh'; readonly destination: readonly string[] };

const PORT = 2375;
const TLS_PORT = 2376;

/**
 * Reads an address as the `docker` command does (`unix://`, `npipe://`, `tcp://host:port`, `ssh://user@host`); undefined
 * stands for DOCKER_HOST or the standard socket. DOCKER_TLS_VERIFY, or the port 2376, ask for TLS with the files in
 * DOCKER_CERT_PATH. Throws ERR_USAGE for anything else.
 */
export function engineAddress(given: string | undefined, env: NodeJS.ProcessEnv): EngineAddress {
  const text = given ?? env.DOCKER_HOST ?? '';
  if (text === '') return { kind: 'socket', path: undefined };
  const socket = /^(?:unix|npipe):\/\/(.*)$/.exec(text)?.[1];
  if (socket !== undefined) return { kind: 'socket', path: socket === '' ? undefined : socket };
  const url = urlOf(text);
  const port = url.port === '' ? undefined : Number(url.port);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (url.protocol === 'ssh:') {
    const user = url.username === '' ? [] : ['-l', decodeURIComponent(url.username)];
    return { kind: 'ssh', destination: [...user, ...(port === undefined ? [] : ['-p', String(port)]), '--', host] };
  }
  const tls = (env.DOCKER_TLS_VERIFY ?? '') !== '' || port === TLS_PORT || url.protocol === 'https:';
  const certPath = tls ? env.DOCKER_CERT_PATH || join(homedir(), '.docker') : undefined;
  return { kind: 'tcp', host, port: port ?? (tls ? TLS_PORT : PORT), certPath };
}

function urlOf(text: string): URL {
  const url = URL.parse(text.includes('://') ? text : `tcp://${text}`);
  if (url && ['tcp:', 'http:', 'https:', 'ssh:'].includes(url.protocol) && url.hostname !== '') return url;
  throw new LoadsError('ERR_USAGE', `'${text}' is no address of a container engine`, {
    hint: 'write unix:///var/run/docker.sock, tcp://host:2376 or ssh://user@host',
  });
}

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Problem, ProxySettings } from '@loads/core';
import type { Options } from '../control/behavior-setting.ts';

/** Gives the text of a file; throws when it cannot be read. */
export type ReadText = (file: string) => string;

/** Reads files whose paths are relative to `directory`. */
export function textsIn(directory: string): ReadText {
  return (file) => readFileSync(resolve(directory, file), 'utf8');
}

/** The keys of a proxy that name PEM files. */
export const PEM_KEYS: readonly string[] = ['tls_cert', 'tls_key', 'tls_backend_ca'];

/** What the PEM files of a proxy hold. */
export type Pems = {
  /** The proxy's own certificate and its key. */
  readonly tls: ProxySettings['tls'];
  /** Whom to believe about the backend. */
  readonly ca: string | undefined;
  readonly problems: readonly Problem[];
};

/** Reads the PEM files that a proxy names, and looks whether they are what they are to be. */
export function readPems(entry: Options, readText: ReadText): Pems {
  const problems: Problem[] = [];
  const { tls_cert: certFile, tls_key: keyFile } = entry;
  const given = (key: string): string | undefined => textOf(key, entry[key], readText, problems);
  if (certFile !== undefined && keyFile === undefined) problems.push(missing('tls_key', 'tls_cert'));
  if (keyFile !== undefined && certFile === undefined) problems.push(missing('tls_cert', 'tls_key'));
  const [cert, key, ca] = [given('tls_cert'), given('tls_key'), given('tls_backend_ca')];
  const certificate = cert === undefined ? undefined : certificateOf('tls_cert', cert, certFile, problems);
  if (ca !== undefined) certificateOf('tls_backend_ca', ca, entry.tls_backend_ca, problems);
  if (key !== undefined && certificate) {
    const wrong = keyProblem(key, certificate, keyFile);
    if (wrong !== undefined) problems.push({ path: ['tls_key'], message: wrong });
  }
  return { tls: cert === undefined || key === undefined ? undefined : { cert, key }, ca, problems };
}

/** Which of the keys about TLS towards the backend are given in vain, as there is none. */
export function idleTlsKeys(entry: Options): readonly Problem[] {
  if (entry.tls_backend === true) return [];
  return BACKEND_KEYS.filter((key) => entry[key] !== undefined && entry[key] !== false).map((key) => ({
    path: [key],
    message: 'needs `tls_backend`: without it nothing towards the backend is encrypted',
  }));
}

const BACKEND_KEYS: readonly string[] = ['tls_backend_ca', 'tls_backend_server_name', 'tls_backend_insecure'];

function missing(key: string, beside: string): Problem {
  return { path: [beside], message: `needs \`${key}\` too` };
}

function textOf(key: string, file: unknown, readText: ReadText, problems: Problem[]): string | undefined {
  if (file === undefined) return undefined;
  const problem = (message: string): undefined => void problems.push({ path: [key], message });
  if (typeof file !== 'string' || file === '') return problem('expected a file');
  try {
    return readText(file);
  } catch (error) {
    const absent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return problem(absent ? `there is no file ${file}` : `${file} cannot be read`);
  }
}

function certificateOf(key: string, pem: string, file: unknown, problems: Problem[]): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    problems.push({ path: [key], message: `${file} is no certificate (PEM)` });
    return undefined;
  }
}

function keyProblem(pem: string, certificate: X509Certificate, file: unknown): string | undefined {
  try {
    return certificate.checkPrivateKey(createPrivateKey(pem))
      ? undefined
      : `${file} is not the key of that certificate`;
  } catch {
    return `${file} is no private key (PEM, without a passphrase)`;
  }
}

import { readFile, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LoadsError } from '@loads/core';
import { harSchema } from './har/har-schema.ts';
import { hostsOf, importHar } from './har/import-har.ts';
import type { ImportedScenario } from './imported-scenario.ts';
import { parseOpenApi } from './openapi/document.ts';
import { importOpenApi } from './openapi/import-openapi.ts';
import { shortName } from './request-url.ts';

export type ImportRequest = {
  readonly format: 'har' | 'openapi';
  /** A path, or a file URL. */
  readonly file: string;
  readonly hosts: readonly string[];
  readonly withStatic: boolean;
  readonly thinkTime: boolean;
};

/** What fits into one text of JavaScript, with room to work. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * Reads a recording or a description as a scenario. Throws ERR_FILE_MISSING, and ERR_IMPORT with one message for what is
 * damaged, something else, or holds no request.
 */
export async function readImport(request: ImportRequest): Promise<ImportedScenario> {
  const path = pathOf(request.file);
  const file = basename(path);
  const text = await readText(path);
  const name = shortName(basename(file, extname(file))) || 'imported';
  if (request.format === 'openapi') {
    const scenario = importOpenApi(parseOpenApi(text, file), { name, file });
    if (scenario.steps.length === 0) throw new LoadsError('ERR_IMPORT', `${file} describes no operation`);
    return scenario;
  }
  const har = harSchema.safeParse(parseJson(text, file));
  if (!har.success) {
    const [issue] = har.error.issues;
    const place = issue?.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
    throw new LoadsError(
      'ERR_IMPORT',
      `${file} is no HAR: ${place?.replace(/^\./, '') ?? ''}: ${issue?.message ?? ''}`,
    );
  }
  const scenario = importHar(har.data, { ...request, name, file });
  if (scenario.steps.length > 0) return scenario;
  const hosts = hostsOf(har.data);
  const hint =
    hosts.length === 0
      ? undefined
      : `its hosts are ${hosts
          .slice(0, 5)
          .map((host) => shortName(host))
          .join(', ')}`;
  throw new LoadsError('ERR_IMPORT', [`${file} has no request to import`, ...scenario.notes].join('; '), { hint });
}

function pathOf(file: string): string {
  if (/^https?:/i.test(file)) {
    throw new LoadsError('ERR_USAGE', 'only files are imported', {
      hint: `fetch it first: curl -O ${shortName(file)}`,
    });
  }
  if (!/^file:/i.test(file)) return file;
  try {
    return fileURLToPath(file);
  } catch (cause) {
    throw new LoadsError('ERR_USAGE', `${shortName(file)} is no file URL`, { cause });
  }
}

async function readText(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile())
    throw new LoadsError('ERR_FILE_MISSING', found ? `${path} is no file` : `there is no file ${path}`);
  if (found.size > MOST_BYTES) throw new LoadsError('ERR_IMPORT', `${path} is larger than 256 MB`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (cause) {
    throw new LoadsError('ERR_IMPORT', `${path} cannot be read as UTF-8 text`, { cause });
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? shortName(cause.message) : '';
    throw new LoadsError('ERR_IMPORT', `${file} is no JSON: ${why}`, { cause });
  }
}

import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { LoadsError } from '@loads/core';
import type { Engine } from '../engine/engine.ts';
import { buildContext } from './build-context.ts';
import { type Image, taggedImage } from './image.ts';
import { bundleOf, packageFile, packageVersion } from './installed-package.ts';

export type BuildOptions = {
  /** What the image stands on; undefined: what its Dockerfile says. */
  readonly baseImage?: string | undefined;
  /** The revision of the source, for the image's label. */
  readonly revision?: string | undefined;
  /** Takes each line that the engine says. */
  readonly onLine?: ((line: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
};

export type BuiltImage = {
  /** `sha256:...` */
  readonly id: string;
  /** `name:version` and `name:latest`. */
  readonly tags: readonly string[];
};

/** Has the engine build an image of the file that its package has for it. Throws ERR_IMAGE with the last words of the engine. */
export async function buildImage(engine: Engine, image: Image, options: BuildOptions = {}): Promise<BuiltImage> {
  const { baseImage, revision, onLine, signal } = options;
  const version = await packageVersion(image);
  const tags = [taggedImage(image, version), taggedImage(image, 'latest')];
  const dockerfile = await readFile(packageFile(image, 'Dockerfile'), 'utf8');
  const archive = await buildContext([
    { path: 'Dockerfile', content: dockerfile, mode: 0o644 },
    { path: image.bundle, content: await readFile(bundleOf(image)), mode: 0o755 },
  ]);
  const buildargs: Record<string, string> = { VERSION: version };
  if (baseImage !== undefined) buildargs.BASE_IMAGE = baseImage;
  if (revision !== undefined) buildargs.REVISION = revision;
  const [first = ''] = tags;
  try {
    const canceled = signal ? { abortSignal: signal } : {};
    await finished(await engine.build(archive, { t: first, buildargs, forcerm: true, ...canceled }), onLine);
    return { id: await engine.tag(first, image.name, 'latest'), tags };
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof LoadsError) throw cause;
    throw await imageError(engine, image, baseImage ?? standardBase(dockerfile), cause);
  }
}

/** The base image that a Dockerfile names. */
function standardBase(dockerfile: string): string {
  return /^ARG BASE_IMAGE=(\S+)$/m.exec(dockerfile)?.[1] ?? '';
}

type BuildEvent = { readonly stream?: string; readonly status?: string; readonly error?: string };

/** Reads what the engine says, a line of JSON at a time, to its end. Throws what the build failed of. */
async function finished(output: NodeJS.ReadableStream, onLine: BuildOptions['onLine']): Promise<void> {
  for await (const text of createInterface({ input: output })) {
    const { stream, status, error } = JSON.parse(text) as BuildEvent;
    if (error !== undefined) throw new Error(error);
    const line = (stream ?? status ?? '').trimEnd();
    if (line !== '') onLine?.(line);
  }
}

/** What the engine could not do. A base image that is not there is the usual reason, and the one that can be mended. */
async function imageError(engine: Engine, image: Image, base: string, cause: unknown): Promise<LoadsError> {
  const why = cause instanceof Error ? cause.message : String(cause);
  const missing = !(await engine.image(base));
  return new LoadsError('ERR_IMAGE', `${image.name} could not be built: ${why.trim()}`, {
    cause,
    hint: missing
      ? `its base image ${base} is neither here nor can it be pulled; name one that is with --base-image`
      : 'see what the engine said with -v',
  });
}

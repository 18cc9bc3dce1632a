import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';

/** A file of a build context; `path` is relative to its root. */
export type ContextFile = { readonly path: string; readonly content: string | Uint8Array; readonly mode: number };

/**
 * The archive that an engine builds an image from. All times are 0: the same content is the same archive, and what the
 * engine kept of an earlier build is used again.
 */
export async function buildContext(files: readonly ContextFile[]): Promise<Buffer> {
  const archive = pack();
  for (const { path, content, mode } of files) {
    archive.entry({ name: path, mode, mtime: new Date(0) }, Buffer.from(content));
  }
  archive.finalize();
  return buffer(archive);
}

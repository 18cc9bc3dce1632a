import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { extract, pack } from 'tar-stream';

/** A file of an archive, or a folder (without content). `path` is relative to where the archive is put. */
export type ArchiveFile = {
  readonly path: string;
  readonly content?: Uint8Array | string | undefined;
  readonly mode?: number | undefined;
  /** Makes it appear whole under this path as well, once it is written: an archive is unpacked while others look. */
  readonly appearsAs?: string | undefined;
};

/** Whom the files in a node's containers belong to. */
export const NODE_USER = 1000;

/** An archive of files and folders that belong to the user of the nodes. */
export async function packArchive(files: readonly ArchiveFile[]): Promise<Buffer> {
  const archive = pack();
  const owner = { uid: NODE_USER, gid: NODE_USER };
  for (const { path: at, content, mode, appearsAs } of files) {
    const path = relative(at);
    if (content === undefined) archive.entry({ ...owner, name: path, type: 'directory', mode: mode ?? 0o755 });
    else archive.entry({ ...owner, name: path, mode: mode ?? 0o644 }, Buffer.from(content));
    if (appearsAs !== undefined) archive.entry({ ...owner, name: relative(appearsAs), type: 'link', linkname: path });
  }
  archive.finalize();
  return await buffer(archive);
}

/** Archives are put at the root. */
function relative(path: string): string {
  return path.replace(/^\//, '');
}

/** The regular files of an archive as they come, one after the other. */
export async function* unpackArchive(
  archive: NodeJS.ReadableStream,
): AsyncGenerator<{ path: string; content: Readable }> {
  const unpacked = extract();
  const feeding = Readable.from(archive).on('error', (error) => unpacked.destroy(error));
  feeding.pipe(unpacked);
  for await (const entry of unpacked) {
    const { name, type } = entry.header;
    if (type === 'file') yield { path: name, content: Readable.from(entry) };
    else entry.resume();
  }
}

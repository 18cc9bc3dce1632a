/**
 * What a container wrote, without the frames of the engine (8 bytes: the stream, three zeros, the length of what
 * follows; see ContainerAttach of the Docker API).
 */
export async function* readFrames(stream: AsyncIterable<Uint8Array | string>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    rest = Buffer.concat([rest, Buffer.from(chunk as Uint8Array)]);
    while (rest.length >= 8) {
      const length = rest.readUInt32BE(4);
      if (rest.length < 8 + length) break;
      yield rest.subarray(8, 8 + length);
      rest = rest.subarray(8 + length);
    }
  }
}

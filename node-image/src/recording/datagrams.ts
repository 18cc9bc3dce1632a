/** Below the 64 KiB that a datagram can hold, and few enough of them to fill the kernel's default buffer. */
const DATAGRAM_BYTES = 8 * 1024;

/** Groups lines into datagrams. */
export function* datagramsOf(lines: Iterable<string>): Generator<readonly string[]> {
  let datagram: string[] = [];
  let bytes = 0;
  for (const line of lines) {
    const size = Buffer.byteLength(line) + 1;
    if (bytes + size > DATAGRAM_BYTES && datagram.length > 0) {
      yield datagram;
      datagram = [];
      bytes = 0;
    }
    datagram.push(line);
    bytes += size;
  }
  if (datagram.length > 0) yield datagram;
}

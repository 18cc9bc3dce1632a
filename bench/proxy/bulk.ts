import { connect } from 'node:net';
import { BULK_BYTES } from './backend.ts';

/** Downloads half a GiB over one connection; gives MB/s. */
export function bulk(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const startMs = performance.now();
    let bytes = 0;
    const socket = connect(port, '127.0.0.1');
    socket.once('error', reject);
    socket.on('data', (chunk) => {
      bytes += chunk.length;
    });
    socket.once('end', () => {
      socket.destroy();
      if (bytes < BULK_BYTES) reject(new Error(`only ${bytes} bytes came`));
      else resolve(bytes / 1e6 / ((performance.now() - startMs) / 1000));
    });
    socket.write('GET /bulk HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n');
  });
}

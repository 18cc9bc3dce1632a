import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

// `node statsd-sender.ts RATE SECONDS FILE`: a program that knows nothing of Loads but its address for statsd, and sends raw
// timings at a steady rate, 16 lines to a datagram. FILE gets how many it sent.
const LINES_PER_DATAGRAM = 16;
const [rate = 0, seconds = 0] = process.argv.slice(2, 4).map(Number);
const file = process.argv[4] ?? '';
const datagrams = Array.from({ length: 64 }, (_, i) => Buffer.from(datagram(i)));

const socket = createSocket('udp4');
socket.connect(Number(process.env.STATSD_PORT), process.env.STATSD_HOST);
await once(socket, 'connect');
const startMs = performance.now();
const wanted = Math.floor((rate * seconds) / LINES_PER_DATAGRAM);
let sent = 0;
while (sent < wanted) {
  const due = Math.min(wanted, Math.floor(((performance.now() - startMs) * rate) / 1000 / LINES_PER_DATAGRAM));
  for (; sent < due; sent++) socket.send(datagrams[sent % datagrams.length] ?? '');
  await sleep(1);
}
const tookMs = performance.now() - startMs;
await new Promise<void>((resolve) => socket.close(resolve));
await writeFile(file, JSON.stringify({ lines: sent * LINES_PER_DATAGRAM, tookMs }));

/** Lines as programs of all kinds send them: some series, values that differ. */
function datagram(seed: number): string {
  const lines = Array.from({ length: LINES_PER_DATAGRAM }, (_, i) => {
    const value = 5 + ((seed * 31 + i * 17) % 400) / 7;
    return `work_duration:${value.toFixed(3)}|ms|#name:task ${i % 10}`;
  });
  return lines.join('\n');
}

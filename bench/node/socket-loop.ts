import { connect, type Socket } from 'node:net';

// A program: asks over bare sockets for some seconds, then prints how many answers came. Nothing is parsed: what Node
// costs at the least. Each answer of this server comes in one read.
const [url = '', connections = '', seconds = ''] = process.argv.slice(2);
const { hostname, port, host, pathname } = new URL(url);
const request = `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: keep-alive\r\n\r\n`;
const endMs = performance.now() + Number(seconds) * 1000;
const buffer = Buffer.alloc(64 * 1024);
const counts = await Promise.all(Array.from({ length: Number(connections) }, loop));
console.log(counts.reduce((sum, count) => sum + count, 0));

function loop(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let count = 0;
  const onRead = (): boolean => {
    count += 1;
    if (performance.now() < endMs) socket.write(request, 'latin1');
    else socket.destroy();
    return true;
  };
  const options = { host: hostname, port: Number(port), noDelay: true };
  const socket: Socket = connect({ ...options, onread: { buffer, callback: onRead } });
  socket.once('connect', () => socket.write(request, 'latin1'));
  socket.once('error', reject).once('close', () => resolve(count));
  return promise;
}

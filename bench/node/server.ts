import { type AddressInfo, createServer, type Socket } from 'node:net';

// A program: a server so bare that its clients are the limit. It sends its port to its parent, then, whenever asked, how
// many requests it has answered; it ends with its parent.
const BODY = JSON.stringify({
  id: 42,
  name: 'Rope, 20 m',
  priceCents: 2100,
  left: 17,
  tags: ['climbing', 'outdoor', 'sale'],
});
const ANSWER = [
  'HTTP/1.1 200 OK',
  'Server: bench',
  'Date: Thu, 01 Jan 1970 00:00:00 GMT',
  'Content-Type: application/json',
  `Content-Length: ${Buffer.byteLength(BODY)}`,
  'Connection: keep-alive',
  '',
  BODY,
].join('\r\n');
const HEAD_END = '\r\n\r\n';

let answered = 0;

const server = createServer({ noDelay: true }, serve).listen(0, '127.0.0.1', () => {
  process.send?.((server.address() as AddressInfo).port);
});
process.on('message', () => process.send?.(answered));
// Ctrl-C reaches it too, before its parent is done with it.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());

/** Answers every request head on a connection; requests with bodies are not understood. */
function serve(socket: Socket): void {
  let rest = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    const heads = (rest + chunk).split(HEAD_END);
    rest = heads.pop() ?? '';
    if (heads.length === 0) return;
    answered += heads.length;
    socket.write(ANSWER.repeat(heads.length), 'latin1');
  });
  // A client that leaves in the middle of an exchange is none of the server's business.
  socket.on('error', () => socket.destroy());
}

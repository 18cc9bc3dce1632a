import { connect, createServer } from 'node:net';

// What Node itself costs: two sockets piped into each other.
const backendPort = Number(process.argv[2]);
const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
  const backend = connect({ port: backendPort, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
  client.pipe(backend).pipe(client);
  for (const socket of [client, backend]) socket.on('error', () => socket.destroy());
  client.on('close', () => backend.destroy());
  backend.on('close', () => client.destroy());
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.send?.(address.port);
});
process.on('disconnect', () => process.exit());

// A tiny service to try the load on; delete it when you have your own.
//   node service.ts                   serves until Ctrl-C
//   node service.ts -- npx loads run  serves while a program runs, and exits with its exit code
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';

const items = [
  { id: 'rope', name: 'Rope' },
  { id: 'lamp', name: 'Lamp' },
];

const server = createServer((request, response) => {
  const { method, url = '/' } = request;
  const item = items.find(({ id }) => url === `/items/${id}`);
  const [status, body] =
    method === 'GET' && url === '/items'
      ? [200, items]
      : method === 'GET' && item
        ? [200, item]
        : method === 'POST' && url === '/orders'
          ? [201, { ok: true }]
          : [404, { error: 'not found' }];
  request.resume().on('end', () => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
});

server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the service has no port');
  const url = `http://127.0.0.1:${address.port}`;
  const [dashes, program, ...args] = process.argv.slice(2);
  if (dashes !== '--' || program === undefined) {
    console.log(`serving at ${url}`);
    return;
  }
  const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, TARGET: url } });
  // On Ctrl-C the terminal tells the program itself.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.once('error', (error) => {
    console.error(error.message);
    process.exit(1);
  });
  child.once('exit', (code) => process.exit(code ?? 1));
});

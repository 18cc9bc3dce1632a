import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from './target.ts';

const BODY = JSON.stringify({
  id: 42,
  name: 'Rope, 20 m',
  priceCents: 2100,
  left: 17,
  tags: ['climbing', 'outdoor', 'sale'],
});

/** nginx as the server that all clients load: one process, an answer from memory, connections that are never closed. */
export async function startNginxTarget(dir: string): Promise<Target> {
  const port = await freePort();
  const root = join(dir, 'nginx');
  await mkdir(root, { recursive: true });
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${root}/${kind};`);
  await writeFile(
    join(root, 'nginx.conf'),
    `master_process off; daemon off; pid ${root}/pid; error_log ${root}/error.log; worker_rlimit_nofile 20000;
events { worker_connections 15000; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 1h; ${temp.join(' ')}
  server {
    listen 127.0.0.1:${port} backlog=4096; default_type application/json;
    location /items { return 200 '${BODY}'; }
    location /status { stub_status; }
  }
}
`,
  );
  const child = spawn('nginx', ['-c', join(root, 'nginx.conf'), '-p', root], { stdio: 'ignore' });
  const failed = once(child, 'error').then(([error]) => {
    throw new Error("the bench loads nginx: install Debian's nginx-light", { cause: error });
  });
  await Promise.race([once(child, 'spawn'), failed]);
  failed.catch(() => undefined);
  const origin = `http://127.0.0.1:${port}`;
  const exit = once(child, 'exit');
  let asked = 0;
  const target: Target = {
    url: `${origin}/items/42`,
    pid: child.pid ?? 0,
    async answered() {
      asked += 1;
      const status = await (await fetch(`${origin}/status`)).text();
      // accepted, handled, requests: among them the questions themselves.
      return Number(/^ \d+ \d+ (\d+)/m.exec(status)?.[1]) - asked;
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await exit;
    },
  };
  await untilAnswering(origin);
  return target;
}

async function untilAnswering(origin: string): Promise<void> {
  const deadline = performance.now() + 5000;
  for (;;) {
    const { ok } = await fetch(`${origin}/items/42`).catch(() => ({ ok: false }));
    if (ok) return;
    if (performance.now() > deadline) throw new Error('nginx does not answer');
    await sleep(20);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

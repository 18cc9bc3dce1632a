import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { end, freePort, type RunningSubject, untilListening } from './subject.ts';

/** The size of `/bulk`, bytes. */
export const BULK_BYTES = 512 * 1024 * 1024;

/** nginx with one worker: `/` answers a small JSON body from memory, `/bulk` sends half a GiB of zeros. */
export async function startNginx(dir: string): Promise<RunningSubject> {
  const port = await freePort();
  const root = join(dir, 'nginx');
  await mkdir(root, { recursive: true });
  const bulk = join(root, 'bulk');
  await writeFile(bulk, Buffer.alloc(BULK_BYTES));
  const config = join(root, 'nginx.conf');
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${root}/${kind};`);
  // Started by root, its worker would be somebody who may not read the file.
  const asRoot = process.getuid?.() === 0 ? 'user root; ' : '';
  await writeFile(
    config,
    `${asRoot}worker_processes 1; daemon off; pid ${root}/pid; error_log ${root}/error.log;
events { worker_connections 20000; }
http {
  access_log off; sendfile on; keepalive_requests 1000000000; keepalive_timeout 1h; ${temp.join(' ')}
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / { default_type application/json; return 200 '{"id":42,"name":"rope"}'; }
    location /bulk { alias ${bulk}; }
  }
}
`,
  );
  const child = spawn('nginx', ['-c', config, '-p', root], { stdio: 'ignore', detached: true });
  await once(child, 'spawn');
  await untilListening(port);
  return {
    pid: child.pid ?? 0,
    port,
    [Symbol.asyncDispose]: async () => {
      // Its worker is in the same group.
      process.kill(-(child.pid ?? 0), 'SIGTERM');
      await end(child);
    },
  };
}

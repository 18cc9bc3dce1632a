import { expect, test } from 'vitest';
import { CERTIFICATE, PRIVATE_KEY } from '../../node-image/src/http/self-signed.test.fixture.ts';
import { runLoads } from '../support/loads.ts';
import { requestsByName } from '../support/requests-by-name.ts';
import { Workspace } from '../support/workspace.ts';
import { startHttpService } from './http-service.ts';

const SHOP = `
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { file, scenario, setupWorker } from '@loads/node';

const pem = readFileSync('load.pem', 'utf8');
const tls = { ca: pem, cert: pem, key: pem };
setupWorker(() => ({ tls, http2: true }));

// Samples within a step know it.
export const options = {
  thresholds: {
    'http_reqs{group:login}': ['count==8'],
    'http_reqs{group:photo,name:photo}': ['count==4'],
    'checks{group:login}': ['rate==1'],
    'http_req_receiving{group:photo}': ['max>=0'],
  },
};

scenario('buy', async ({ http, step, check, env }) => {
  await step('login', async () => {
    const res = await http.post('/login', { body: new URLSearchParams({ user: 'load' }) });
    check(res.redirected && res.url.endsWith('/home'), 'is at home');
    assert.equal(await http.cookies.get('sid'), '9');
  });
  await step('photo', async () => {
    const form = new FormData();
    form.append('photo', await file('photo.bin', { type: 'image/jpeg' }));
    await http.post('/photos', { body: form, name: 'photo' });
    assert.deepEqual(await (await http.get('/coded')).json(), { tea: true });
  });
  const tunnel = http.session({ proxy: 'http://' + env.PROXY });
  await tunnel.get('/tunnel');
  const local = http.session({ baseUrl: 'http://shop.test', socketPath: 'shop.sock', http2: false });
  check((await (await local.get('/local')).text()) === 'local', 'is local');
  await http.session({ hosts: { 'shop.test': '127.0.0.1' }, dns: { select: 'round-robin' }, baseUrl: env.PINNED }).get('/pinned');
});
`;

test('one scenario with cookies, redirects, files, HTTP/2, client certificates, a proxy and a Unix socket', async () => {
  await using workspace = await Workspace.create();
  await using service = await startHttpService(workspace.file('shop.sock'));
  await workspace.write('shop.ts', SHOP);
  await workspace.write('load.pem', CERTIFICATE + PRIVATE_KEY);
  await workspace.write('photo.bin', 'x'.repeat(300_000));
  const { exitCode, stdout, stderr } = await runLoads(workspace, [
    ...['run', 'shop.ts', '-w', '2', '--iterations', '4', '-t', `https://localhost:${service.port}`],
    ...['-e', `PROXY=${service.proxy}`, '-e', `PINNED=https://shop.test:${service.port}`],
  ]);
  expect(exitCode, stdout + stderr).toBe(0);
  const names = ['GET /coded', 'GET /home', 'GET /local', 'GET /pinned', 'GET /tunnel', 'POST /login', 'photo'];
  const summary = await workspace.summary();
  expect(requestsByName(summary)).toEqual(Object.fromEntries(names.map((name) => [name, 4])));
  expect([summary.total.ko, summary.lost]).toEqual([0, 0]);

  const asked = (path: string) => service.came.filter((one) => one.asked === path);
  // A worker's first login has no cookie yet; it keeps the cookie from then on.
  expect(
    asked('POST /login')
      .map(({ cookie }) => cookie)
      .sort(),
  ).toEqual(['', '', 'sid=9', 'sid=9']);
  expect(asked('GET /home').map(({ cookie, httpVersion }) => [cookie, httpVersion])).toEqual(
    Array(4).fill(['sid=9', '2.0']),
  );
  expect(asked('POST /photos').every(({ bytes }) => bytes > 300_000)).toBe(true);
  // Sessions of their own know nothing of the worker's cookies.
  expect(asked('GET /tunnel').map(({ cookie, httpVersion }) => [cookie, httpVersion])).toEqual(
    Array(4).fill(['', '1.1']),
  );
  expect(service.came.every(({ client }) => client === 'shop.test')).toBe(true);
  expect(service.tunnels()).toBe(4);
  await workspace.quiet();
});

const BAD = `
import { scenario, setupWorker } from '@loads/node';

setupWorker(() => ({ limits: { maxBodyBytes: 1 << 20 }, timeoutMs: 5000 }));

scenario('bad', async ({ http, env }) => {
  const urls = ['/loop', '/bomb', '/chunks', '/huge', env.TLS + '/', 'http://nowhere.invalid/dns'];
  const failures = [];
  for (const url of urls) failures.push(await http.get(url).then(() => 'none', (error) => error.failure));
  console.log(JSON.stringify(failures));
});
`;

test('what a service does wrong is classed, counted and bounded', async () => {
  await using workspace = await Workspace.create();
  await using service = await startHttpService(workspace.file('shop.sock'));
  await workspace.write('bad.ts', BAD);
  const { exitCode, stdout, stderr } = await runLoads(workspace, [
    ...['run', 'bad.ts', '-w', '2', '--iterations', '2', '-t', `http://127.0.0.1:${service.badPort}`],
    ...['-e', `TLS=https://localhost:${service.port}`],
  ]);
  expect(exitCode, stdout + stderr).toBe(0);
  const summary = await workspace.summary();
  const counts = Object.fromEntries(summary.failures.map(({ failure, count }) => [failure, count]));
  expect(counts).toEqual({ redirect: 2, other: 4, protocol: 2, tls: 2, dns: 2 });
  // Eleven requests of a loop, ten of which went well.
  expect(requestsByName(summary)).toMatchObject({ 'GET /loop': 22, 'GET /bomb': 2, 'GET /chunks': 2, 'GET /huge': 2 });
  expect([summary.total.ok, summary.total.ko, summary.lost]).toEqual([20, 12, 0]);
  await workspace.quiet();
});

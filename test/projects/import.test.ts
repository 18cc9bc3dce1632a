import { execFile } from 'node:child_process';
import { rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import type { Summary } from '@loads/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listen } from '../../examples/shop/listen.ts';
import { expectRefused } from '../support/expect-refused.ts';
import { runLoads } from '../support/loads.ts';
import { requestsByName } from '../support/requests-by-name.ts';
import { Workspace } from '../support/workspace.ts';

const ROOT = join(import.meta.dirname, '../..');
const BIN = join(ROOT, 'node_modules');
const run = promisify(execFile);

/** What came: method, path, and what of the rest the tests are about. */
const came: string[] = [];
let server: Server;
let url = '';
let workspace: Workspace;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const { authorization = '-', 'content-type': type = '-', cookie } = request.headers;
    const body = await text(request);
    came.push(
      [request.method, request.url, authorization, type, cookie ?? '', body].filter((part) => part !== '').join(' '),
    );
    const status =
      authorization === 'Bearer wrong' ? 401 : request.url === '/gone' ? 404 : request.method === 'POST' ? 201 : 200;
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  });
  const { port } = await listen(server, { host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${port}`;
  workspace = await Workspace.create();
  await symlink(join(ROOT, 'node_modules'), workspace.file('node_modules'));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await workspace[Symbol.asyncDispose]();
});

/** What a formatter and the compiler would say of a file. */
async function expectTidy(name: string): Promise<void> {
  const options = ['--config-path', join(ROOT, 'biome.json'), '--vcs-enabled=false'];
  await run(join(BIN, '.bin/biome'), ['format', ...options, workspace.file(name)], { cwd: workspace.path });
  const strict = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2024',
    '--types',
    'node',
    '--skipLibCheck',
  ];
  const flags = [
    '--ignoreConfig',
    '--noUncheckedIndexedAccess',
    '--exactOptionalPropertyTypes',
    '--erasableSyntaxOnly',
    '--noUnusedLocals',
  ];
  await run(process.execPath, [join(BIN, 'typescript/bin/tsc'), ...strict, ...flags, name], { cwd: workspace.path });
}

test('a recording becomes a scenario that does the same again', async () => {
  const long = Array.from({ length: 60 }, (_, i) => i * 1000);
  const order = {
    item: 'it\'s "rope" ${x} `\n',
    list: [
      { a: 1, b: [] },
      { a: 2, b: long },
    ],
    'a-b': null,
    deep: { 1: { x: 'y'.repeat(130) } },
  };
  const entries = [
    {
      url: `${url}/items?page=2&token=tok1`,
      headers: [
        { name: 'Authorization', value: 'Bearer right' },
        { name: 'Cookie', value: 'id=1' },
      ],
      status: 200,
    },
    { url: `${url}/logo.png`, status: 200 },
    {
      method: 'POST',
      url: `${url}/orders`,
      postData: { mimeType: 'application/json; charset=utf-8', text: JSON.stringify(order) },
      status: 201,
    },
    {
      method: 'POST',
      url: `${url}/form`,
      postData: { mimeType: 'application/x-www-form-urlencoded', text: 'a=1&b=%26&a=2' },
      status: 201,
    },
    { url: `${url}/gone`, status: 404 },
    { url: 'http://ads.test/track', status: 200 },
  ].map(({ method = 'GET', headers = [], status, ...request }, i) => ({
    ...{ pageref: i < 2 ? 'p1' : 'p2', startedDateTime: new Date(i * 1000).toISOString(), time: 10 },
    ...{ request: { method, headers, ...request }, response: { status, content: {} } },
  }));
  const pages = [
    { id: 'p1', title: `${url}/` },
    { id: 'p2', title: "Buy 'it' 買う" },
  ];
  await workspace.write('shop.har', `\ufeff${JSON.stringify({ log: { version: '1.2', pages, entries } })}`);

  const made = await runLoads(workspace, [
    'import',
    'har',
    'shop.har',
    '-o',
    'shop.ts',
    '--filter',
    '127.0.0.1',
    '--no-static',
  ]);
  expect(made).toMatchObject({ exitCode: 0, stdout: 'shop.ts: 4 requests\n' });
  expect(made.stderr).toMatch(/left out: 1 static, 1 other hosts\n.*AUTHORIZATION, TOKEN\n/);
  await expectTidy('shop.ts');

  came.length = 0;
  const secrets = ['-e', 'AUTHORIZATION=right', '-e', 'TOKEN=tok1'];
  const ran = await runLoads(workspace, ['run', 'shop.ts', '--single-run', ...secrets]);
  expect(ran.exitCode, ran.stdout + ran.stderr).toBe(0);
  expect(came).toEqual([
    'GET /items?page=2&token=tok1 Bearer right -',
    `POST /orders - application/json ${JSON.stringify(order)}`,
    'POST /form - application/x-www-form-urlencoded;charset=UTF-8 a=1&b=%26&a=2',
    'GET /gone - -',
  ]);
  expect(requestsByName(await workspace.summary())).toEqual({
    'GET /items': 1,
    'POST /orders': 1,
    'POST /form': 1,
    'GET /gone': 1,
  });

  // The checks are what was recorded.
  const wrong = await runLoads(workspace, [
    'run',
    'shop.ts',
    '--single-run',
    '-e',
    'AUTHORIZATION=wrong',
    '-e',
    'TOKEN=tok1',
  ]);
  expect(wrong.exitCode, wrong.stdout + wrong.stderr).toBe(99);
  const unset = await runLoads(workspace, ['run', 'shop.ts', '--single-run']);
  expect(unset).toMatchObject({ exitCode: 99, stdout: expect.stringContaining('the secret TOKEN is not set') });
  expect(await runLoads(workspace, ['import', 'har', 'shop.har', '-o', 'shop.ts'])).toMatchObject({
    exitCode: 104,
    stderr: expect.stringContaining('shop.ts is there already'),
  });
});

test('a description becomes a scenario that asks for all of it', async () => {
  await workspace.write(
    'api.yml',
    `openapi: 3.0.3
info: { title: Shop API, version: '1' }
servers: [{ url: '${url}' }]
security: [{ bearer: [] }]
paths:
  /items/{id}:
    get:
      tags: [items]
      parameters: [{ name: id, in: path, required: true, schema: { type: integer, minimum: 7 } }]
      responses: { '200': { description: ok } }
  /orders:
    post:
      tags: [orders]
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }
      responses: { '201': { description: made } }
components:
  securitySchemes: { bearer: { type: http, scheme: bearer } }
  schemas: { Order: { type: object, properties: { item: { type: string, example: rope }, email: { type: string, format: email } } } }
`,
  );
  expect(await runLoads(workspace, ['import', 'openapi', 'api.yml', '-o', 'api.ts'])).toMatchObject({ exitCode: 0 });
  await expectTidy('api.ts');
  came.length = 0;
  const ran = await runLoads(workspace, ['run', 'api.ts', '--single-run', '-e', 'BEARER=b']);
  expect(ran.exitCode, ran.stdout + ran.stderr).toBe(0);
  expect(came).toEqual([
    'GET /items/7 Bearer b -',
    'POST /orders Bearer b application/json {"item":"rope","email":"user@example.com"}',
  ]);
});

test.each([
  ['a file that is not there', ['har', 'none.har'], '', 'there is no file none.har'],
  ['what is no JSON', ['har', 'x'], '{"log":', /^error: x is no JSON: .*\n$/],
  [
    'what is no HAR',
    ['har', 'x'],
    '{"log":{"entries":[{"request":{"method":5}}]}}',
    /^error: x is no HAR: log\.entries\[0\]\.request\.method: .*\n$/,
  ],
  ['what is no text', ['har', 'x'], Uint8Array.of(0xff, 0xfe), /^error: x cannot be read as UTF-8 text\n$/],
  ['a recording of nothing', ['har', 'x'], '{"log":{"entries":[]}}', 'x has no request to import'],
  [
    'a recording of others',
    ['har', 'x', '--filter', 'b.test'],
    '{"log":{"entries":[{"request":{"method":"GET","url":"http://a.test/"},"response":{"status":200}}]}}',
    'its hosts are a.test',
  ],
  ['a description of nothing', ['openapi', 'x'], 'openapi: 3.1.0', 'x describes no operation'],
  ['a URL', ['openapi', 'https://shop.test/api.yml'], '', 'only files are imported'],
])('%s is refused with one message', async (_, args, content, says) => {
  await using own = await Workspace.create();
  await writeFile(own.file('x'), content);
  await expectRefused(own, { args: ['import', ...args], exitCode: 104, says: [says] });
});

test('results of FunkLoad become a run that is shown, reported and compared', async () => {
  const bench = (ms: number): string =>
    [
      '<funkload version="1.17.1" time="2014-03-09T10:00:00.123456">',
      '<config key="id" value="test_simple" />',
      `<config key="cycles" value='[2]' />`,
      ...Array.from({ length: 200 }, (_, i) => {
        const common = `cycle="000" cvus="002" thread="00${i % 2}" suite="Simple" name="test_simple"`;
        const times = `time="${1394359200 + i / 20}" duration="${(ms + (i % 20)) / 1000}"`;
        return `<response ${common} step="001" number="001" type="get" result="Successful" url="/" code="200" description="Home" ${times} />
<testResult ${common}  ${times} result="Successful" steps="1" connection_duration="0" requests="1" pages="1" />`;
      }),
      '</funkload>',
    ].join('\n');
  await workspace.write('fast.xml', bench(10));
  await workspace.write('slow.xml', bench(50));
  const fast = await runLoads(workspace, ['import', 'funkload', 'fast.xml', 'fast.xml', '--json']);
  expect(fast.exitCode, fast.stderr).toBe(0);
  const { summary } = JSON.parse(fast.stdout) as { summary: Summary };
  expect(summary).toMatchObject({ outcome: 'passed', nodes: 2, workers: 4, total: { ok: 400, ko: 0 } });
  const slow = await runLoads(workspace, ['import', 'funkload', 'slow.xml', 'slow.xml', '--label', 'version=2']);
  expect(slow.stdout, slow.stderr).toMatch(/labels +funkload=1.17.1.*version=2[\s\S]*Home[\s\S]*PASSED/);
  const run = (await workspace.runs()).map((path) => path.split('/').at(-1) ?? '').find((one) => one !== summary.run);
  const compared = await runLoads(workspace, ['compare', summary.run, run ?? '', '--fail-on-regression']);
  expect([compared.exitCode, compared.stdout]).toEqual([99, expect.stringContaining('worse')]);
  expect((await runLoads(workspace, ['report', summary.run])).exitCode).toBe(0);
  expect((await runLoads(workspace, ['attach', summary.run])).stdout).toContain('PASSED');
  const scaled = await runLoads(workspace, ['scale', summary.run, '5']);
  expect(scaled.stderr).toContain(`${summary.run} has ended`);
  for (const path of await workspace.runs()) await rm(path, { recursive: true });
});

test('of FunkLoad only results are imported, and with options that are for results', async () => {
  await workspace.write('page.xml', '<html></html>');
  const refuse = async (args: readonly string[], says: string): Promise<void> =>
    void (await expectRefused(workspace, { args: ['import', ...args], exitCode: 104, says: [says] }));
  await refuse(['funkload', 'page.xml'], 'page.xml is no result file of FunkLoad');
  await refuse(['funkload', 'none.xml'], 'there is no file none.xml');
  await refuse(['funkload', 'page.xml', '-o', 'x.ts'], 'only --label goes with');
  await refuse(['har', 'a.har', 'b.har'], 'several files: only for `loads import funkload`');
});

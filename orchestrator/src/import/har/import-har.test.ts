import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ImportedScenario } from '../imported-scenario.ts';
import { runSource } from '../run-source.test.support.ts';
import { writeScenario } from '../write-scenario.ts';
import { harSchema } from './har-schema.ts';
import { type HarOptions, importHar } from './import-har.ts';

type Given = Readonly<Record<string, unknown>>;

function entry(request: Given, rest: Given = {}): Given {
  return {
    request: { method: 'GET', url: 'http://shop.test/', headers: [], ...request },
    response: { status: 200 },
    ...rest,
  };
}

function imported(
  entries: readonly Given[],
  options: Partial<HarOptions> = {},
  pages: unknown = undefined,
): ImportedScenario {
  const har = harSchema.parse({ log: { entries, pages } });
  return importHar(har, { name: 'shop', file: 'shop.har', hosts: [], withStatic: true, thinkTime: false, ...options });
}

const anyText = fc.string({ unit: 'binary', maxLength: 40 });
const jsonText = fc.json({ maxDepth: 4 }).filter((text) => !/\d{16}|\d[eE]|\.\d{16}/.test(text));

test('whatever is recorded is sent, and none of it becomes code', async () => {
  const recorded = fc.record({
    path: fc.webPath(),
    title: anyText,
    json: jsonText,
    text: anyText,
    header: fc.string({ unit: fc.constantFrom("'", '"', '`', '$', '{', '\\', 'a', '}'), minLength: 1, maxLength: 20 }),
    field: fc.tuple(
      fc
        .string({ maxLength: 9 })
        .filter((name) => !/auth|pass|secret|token|key|csrf|sig|pin|pwd|jwt|otp|cv/i.test(name)),
      anyText,
    ),
    name: anyText,
  });
  await fc.assert(
    fc.asyncProperty(recorded, async ({ path, title, json, text, header, field, name }) => {
      const [key, value] = field;
      const form = new URLSearchParams([[key.toWellFormed(), value.toWellFormed()]]).toString();
      const post = (mimeType: string, body: string): Given => ({
        method: 'POST',
        url: 'http://shop.test/p',
        postData: { mimeType, text: body },
      });
      const entries = [
        entry({ url: `http://shop.test${path}`, headers: [{ name: 'X-It', value: header }] }, { pageref: 'p' }),
        entry(post('application/json', json)),
        entry(post('text/plain', text)),
        entry(post('application/x-www-form-urlencoded', form)),
      ];
      const source = writeScenario(imported(entries, { name, file: title }, [{ id: 'p', title }]));
      const { requests, name: ranAs } = await runSource(source);
      const [got, sentJson, sentText, sentForm] = requests;
      const url = new URL(`http://shop.test${path}`);
      expect(ranAs).toBe(name);
      expect(got).toMatchObject({ method: 'GET', url: url.pathname + url.search });
      expect(got?.options.headers).toEqual({ 'x-it': header });
      const body = sentJson?.options.body ?? JSON.stringify(sentJson?.options.json);
      expect(JSON.parse(String(body))).toEqual(JSON.parse(json));
      expect(sentText?.options.body).toBe(text === '' ? undefined : text);
      expect(String(sentForm?.options.body)).toBe(form === '' ? 'undefined' : form);
    }),
    { numRuns: 60 },
  );
});

test('requests are grouped by page, in their order, and have names, checks and pauses', async () => {
  const at = (seconds: number): Given => ({ startedDateTime: new Date(seconds * 1000).toISOString(), time: 100 });
  const scenario = imported(
    [
      entry(
        { url: 'http://shop.test/orders/17', method: 'POST' },
        { ...at(3), pageref: 'b', response: { status: 201 } },
      ),
      entry({ url: 'http://shop.test/items?page=2' }, { ...at(0), pageref: 'a' }),
      entry({ url: 'http://cdn.test/logo.png' }, { ...at(0.1), pageref: 'a', response: { status: 304 } }),
      entry({ url: 'http://shop.test/none', method: 'PURGE' }, { ...at(4), pageref: 'zz', response: { status: 404 } }),
    ],
    { thinkTime: true },
    [
      { id: 'a', title: 'http://shop.test/home' },
      { id: 'b', title: 'Order' },
    ],
  );
  expect(scenario.target).toBe('http://shop.test');
  const { steps, requests, checks } = await runSource(writeScenario(scenario));
  expect(steps).toEqual(['/home', 'Order', 'other requests']);
  expect(requests.map(({ method, url, options }) => [method, url, options.name])).toEqual([
    ['GET', '/items?page=2', 'GET /items'],
    ['GET', 'http://cdn.test/logo.png', 'GET /logo.png'],
    ['POST', '/orders/17', 'POST /orders/:id'],
    ['PURGE', '/none', 'PURGE /none'],
  ]);
  expect(requests.map(({ options }) => typeof options.expectStatus)).toEqual([
    'undefined',
    'undefined',
    'undefined',
    'function',
  ]);
  expect(checks.map((name) => name.split(' ').at(-1))).toEqual(['200', '200', '201', '404']);
  expect(scenario.steps.flatMap((step) => step.requests.map(({ thinkMs }) => thinkMs))).toEqual([
    undefined,
    undefined,
    2800,
    900,
  ]);
});

test('a redirect that was recorded is not followed, as where it led was recorded, too', async () => {
  const statuses = [302, 307, 200, 304, 300];
  const entries = statuses.map((status) => entry({ url: `http://shop.test/${status}` }, { response: { status } }));
  const { requests } = await runSource(writeScenario(imported(entries)));
  expect(requests.map(({ options }) => options.redirect)).toEqual([
    'manual',
    'manual',
    undefined,
    undefined,
    undefined,
  ]);
});

test('secrets are in no place, and are taken from the environment where they were', async () => {
  const scenario = imported([
    entry({
      method: 'POST',
      url: 'http://ann:secret1@shop.test/login?api_key=secret2&page=1&access_token=secret%203',
      headers: [
        { name: 'X-CSRF-Token', value: 'secret4' },
        { name: 'Cookie', value: 'session=secret5' },
        { name: 'proxy-authorization', value: 'Basic secret6' },
      ],
      postData: {
        mimeType: 'application/json',
        text: '{"user":"ann","password":"secret7","nested":[{"refresh_token":"secret8"}]}',
      },
    }),
    entry({ headers: [{ name: 'Authorization', value: 'Bearer secret9' }] }),
    entry({
      method: 'POST',
      postData: { mimeType: 'application/x-www-form-urlencoded', text: 'user=ann&password=secret0' },
    }),
  ]);
  const source = writeScenario(scenario);
  expect(source).not.toMatch(/secret[\s%]*\d/);
  expect(scenario.secrets.toSorted()).toEqual([
    ...['ACCESS_TOKEN', 'API_KEY', 'AUTHORIZATION', 'AUTHORIZATION_2', 'PASSWORD', 'PASSWORD_2', 'REFRESH_TOKEN'],
    'X_CSRF_TOKEN',
  ]);
  await expect(runSource(source)).rejects.toThrow(/^the secret \w+ is not set: give it with -e$/);
  const { requests } = await runSource(source, Object.fromEntries(scenario.secrets.map((name) => [name, `<${name}>`])));
  expect(requests).toMatchObject([
    {
      url: '/login?api_key=%3CAPI_KEY%3E&page=1&access_token=%3CACCESS_TOKEN%3E',
      options: {
        headers: { 'x-csrf-token': '<X_CSRF_TOKEN>', authorization: 'Basic <AUTHORIZATION>' },
        json: { user: 'ann', password: '<PASSWORD>', nested: [{ refresh_token: '<REFRESH_TOKEN>' }] },
      },
    },
    { options: { headers: { authorization: 'Bearer <AUTHORIZATION_2>' } } },
    { options: {} },
  ]);
  expect(String(requests[2]?.options.body)).toBe('user=ann&password=%3CPASSWORD_2%3E');
});

test('bodies keep their bytes: parts, base64, and numbers that would be rounded', async () => {
  const post = (postData: Given): Given => entry({ method: 'POST', postData });
  const boundary = 'multipart/form-data; boundary=xyz';
  const { requests } = await runSource(
    writeScenario(
      imported([
        post({
          mimeType: boundary,
          params: [
            { name: 'a"', value: '1' },
            { name: 'f', value: '', fileName: 'x.png', contentType: 'image/png' },
          ],
        }),
        post({ mimeType: 'application/octet-stream', text: 'AAEC', encoding: 'base64' }),
        post({ mimeType: 'application/json', text: '{"id":12345678901234567890}' }),
        post({ mimeType: 'application/vnd.api+json', text: '{"a":-0.5}' }),
      ]),
    ),
  );
  const disposition = 'Content-Disposition: form-data; name=';
  expect(requests.map(({ options }) => options)).toMatchObject([
    {
      headers: { 'content-type': boundary },
      body: `--xyz\r\n${disposition}"a%22"\r\n\r\n1\r\n--xyz\r\n${disposition}"f"; filename="x.png"\r\nContent-Type: image/png\r\n\r\n\r\n--xyz--\r\n`,
    },
    { body: Buffer.from([0, 1, 2]) },
    { body: '{"id":12345678901234567890}', headers: { 'content-type': 'application/json' } },
    { json: { a: -0.5 }, headers: { 'content-type': 'application/vnd.api+json' } },
  ]);
});

test('what is no request of the scenario is left out, and counted', () => {
  const entries = [
    entry({ url: 'http://api.shop.test/x' }),
    entry({ url: 'http://ads.test/x' }),
    entry({ url: 'http://shop.test/app.js' }),
    entry({}, { _resourceType: 'image' }),
    entry({ url: 'ws://shop.test/' }),
    entry({ url: 'data:text/plain,x' }),
    entry({ url: 'nonsense' }),
    entry({}, { response: { status: 0 } }),
    entry({ method: 'GET / HTTP/1.1\r\n' }),
  ];
  const { steps, notes } = imported(entries, { hosts: ['shop.test'], withStatic: false });
  expect(steps.flatMap(({ requests }) => requests).map(({ url }) => url)).toEqual(['/x']);
  expect(notes).toEqual(['left out: 1 other hosts, 2 static, 4 no http, 1 unanswered']);
});

test('secrets are taken out of JSON that is kept as text, of numbers, and of forms in parts that are', () => {
  const post = (mimeType: string, text: string): Given =>
    entry({ method: 'POST', url: 'http://shop.test/', postData: { mimeType, text } });
  const form = 'multipart/form-data; boundary=b';
  const disposition = 'Content-Disposition: form-data; name=';
  const source = writeScenario(
    imported([
      post('application/json', '{ "password": "hunter\\"2", "id": 12345678901234567890, "pin" : 4711, "x": "y" }'),
      post('application/json', '{"token":"sesame", broken'),
      post('application/json', '{"otp":314159,"count":3}'),
      post(form, `--b\r\n${disposition}"password"\r\n\r\nopen\r\n--b\r\n${disposition}"a"\r\n\r\nkept\r\n--b--\r\n`),
    ]),
  );
  for (const secret of ['hunter', '4711', 'sesame', '314159', 'open'])
    expect(source.replaceAll(/opened|openapi/g, '')).not.toContain(secret);
  expect(source).toContain(
    `\`{ "password": "\${secret('PASSWORD')}", "id": 12345678901234567890, "pin" : \${secret('PIN')}, "x": "y" }\``,
  );
  expect(source).toContain("json: { otp: Number(secret('OTP')), count: 3 }");
  expect(source).toContain('name="a"\\r\\n\\r\\nkept');
});

import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { answerTo } from './digest.ts';
import { clientOf, serve } from './servers.test.fixture.ts';

const GET = { method: 'GET', path: '/dir/index.html', headers: {}, body: null };
const MUFASA = { username: 'Mufasa', password: 'Circle of Life', scheme: 'digest' } as const;
const CNONCE = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
const NONCE = '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v';
const OPAQUE = 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS';

function answer(...challenges: readonly string[]): string | undefined {
  const head = { status: 401, headers: { 'www-authenticate': challenges }, header: () => undefined, marked: false };
  return answerTo(head, GET, MUFASA, CNONCE)?.headers.authorization;
}

test.each([
  ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
  ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
])('the example of RFC 7616, section 3.9.1, with %s', (algorithm, response) => {
  const challenge = `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="${NONCE}", opaque="${OPAQUE}"`;
  expect(answer('Basic realm="x"', challenge)).toBe(
    `Digest username="Mufasa", realm="http-auth@example.org", nonce="${NONCE}", uri="/dir/index.html", response="${response}", ` +
      `algorithm=${algorithm}, opaque="${OPAQUE}", qop=auth, nc=00000001, cnonce="${CNONCE}"`,
  );
});

test('without a quality, as in RFC 2069', () => {
  const sent = answer('Digest realm="r", nonce="n"') ?? '';
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
  const expected = md5(`${md5('Mufasa:r:Circle of Life')}:n:${md5('GET:/dir/index.html')}`);
  expect(sent).toContain(`response="${expected}"`);
  expect(sent).not.toContain('qop');
});

test.each([
  'Basic realm="x"',
  'Digest realm="r"',
  'Digest realm="r", nonce="n", algorithm=SHA-512',
  'Digest realm="r", nonce="n", qop="auth-int"',
  '',
])('the challenge %s cannot be answered', (challenge) => {
  expect(answer(challenge)).toBeUndefined();
});

test('a challenge is answered once, and both requests are measured', async () => {
  await using server = await serve((request, response) => {
    const { authorization = '' } = request.headers;
    const known = authorization.includes('username="Mufasa"') && authorization.includes(`uri="${request.url}"`);
    if (known && request.url === '/moved') response.writeHead(302, { location: '/in' }).end();
    else if (known && request.url === '/in') response.end('in');
    else response.writeHead(401, { 'www-authenticate': 'Digest realm="r", nonce="n", qop="auth"' }).end();
  });
  const { http, samples } = clientOf(server.url, { auth: MUFASA });
  await using _ = http;
  expect(await (await http.post('/in', { body: 'x' })).text()).toBe('in');
  expect((await http.get('/wrong')).status).toBe(401);
  expect(samples.map(({ status, failed }) => [status, failed])).toEqual([
    [401, false],
    [200, false],
    [401, false],
    [401, true],
  ]);
  const moved = await http.get('/moved');
  expect([await moved.text(), moved.redirected, samples.length]).toEqual(['in', true, 8]);
  expect((await http.get('/in')).redirected).toBe(false);
});

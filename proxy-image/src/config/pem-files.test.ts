import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { CERTIFICATE, PRIVATE_KEY } from '../proxy/self-signed.test.fixture.ts';
import { idleTlsKeys, type Pems, readPems } from './pem-files.ts';

const OTHER_KEY = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const FILES: Readonly<Record<string, string>> = { 'a.crt': CERTIFICATE, 'a.key': PRIVATE_KEY, 'b.key': OTHER_KEY };

function read(entry: Readonly<Record<string, unknown>>): Pems {
  return readPems(entry, (file) => {
    const text = FILES[file];
    if (text === undefined) throw Object.assign(new Error('none'), { code: 'ENOENT' });
    return text;
  });
}

test('a certificate with its key, and whom to believe about the backend', () => {
  expect(read({ tls_cert: 'a.crt', tls_key: 'a.key', tls_backend_ca: 'a.crt' })).toEqual({
    tls: { cert: CERTIFICATE, key: PRIVATE_KEY },
    ca: CERTIFICATE,
    problems: [],
  });
  expect(read({})).toEqual({ tls: undefined, ca: undefined, problems: [] });
});

test.each([
  [{ tls_cert: 'a.crt' }, ['tls_cert: needs `tls_key` too']],
  [{ tls_key: 'a.key' }, ['tls_key: needs `tls_cert` too']],
  [{ tls_cert: 'x.crt', tls_key: 'x.key' }, ['tls_cert: there is no file x.crt', 'tls_key: there is no file x.key']],
  [{ tls_cert: 'a.key', tls_key: 'a.key' }, ['tls_cert: a.key is no certificate (PEM)']],
  [{ tls_cert: 'a.crt', tls_key: 'a.crt' }, ['tls_key: a.crt is no private key (PEM, without a passphrase)']],
  [{ tls_cert: 'a.crt', tls_key: 'b.key' }, ['tls_key: b.key is not the key of that certificate']],
  [{ tls_backend_ca: 'a.key' }, ['tls_backend_ca: a.key is no certificate (PEM)']],
  [{ tls_backend_ca: 7 }, ['tls_backend_ca: expected a file']],
])('%j is refused', (entry, expected) => {
  expect(read(entry).problems.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual(expected);
});

test('what is said about TLS towards a backend without any is told', () => {
  const given = { tls_backend_ca: 'a', tls_backend_server_name: 'b', tls_backend_insecure: true };
  expect(idleTlsKeys({ ...given, tls_backend: true })).toEqual([]);
  expect(idleTlsKeys({ tls_backend_insecure: false })).toEqual([]);
  expect(idleTlsKeys(given).map(({ path }) => path[0])).toEqual(Object.keys(given));
});

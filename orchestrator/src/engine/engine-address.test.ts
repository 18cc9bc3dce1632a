import { expect, test } from 'vitest';
import { engineAddress } from './engine-address.ts';

const SOCKET = { kind: 'socket', path: undefined };

test.each([
  // What is given stands over the environment.
  [undefined, {}, SOCKET],
  [undefined, { DOCKER_HOST: '' }, SOCKET],
  [undefined, { DOCKER_HOST: 'unix:///run/d.sock' }, { kind: 'socket', path: '/run/d.sock' }],
  ['unix:///run/e.sock', { DOCKER_HOST: 'tcp://h' }, { kind: 'socket', path: '/run/e.sock' }],
  ['npipe:////./pipe/docker', {}, { kind: 'socket', path: '//./pipe/docker' }],
  // Ports and TLS as the docker command takes them.
  ['tcp://h', {}, { kind: 'tcp', host: 'h', port: 2375, certPath: undefined }],
  ['h:1234', {}, { kind: 'tcp', host: 'h', port: 1234, certPath: undefined }],
  ['tcp://[::1]:2375', {}, { kind: 'tcp', host: '::1', port: 2375, certPath: undefined }],
  ['tcp://h:2376', { DOCKER_CERT_PATH: '/c' }, { kind: 'tcp', host: 'h', port: 2376, certPath: '/c' }],
  [
    'tcp://h',
    { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/c' },
    { kind: 'tcp', host: 'h', port: 2376, certPath: '/c' },
  ],
  // A host cannot become an option of ssh.
  ['ssh://me@h:22', {}, { kind: 'ssh', destination: ['-l', 'me', '-p', '22', '--', 'h'] }],
  ['ssh://h', {}, { kind: 'ssh', destination: ['--', 'h'] }],
])('%s with %o', (given, env, address) => {
  expect(engineAddress(given, env)).toEqual(address);
});

test.each(['ftp://h', 'tcp://', 'a b'])('%s is no address', (given) => {
  expect(() => engineAddress(given, {})).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }));
});

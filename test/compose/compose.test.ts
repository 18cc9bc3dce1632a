import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Summary } from '@loads/core';
import { VaurienClient } from '@loads/vaurien';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { containersOf } from '../docker/made-by.ts';
import { describeOnEngine } from '../support/docker.ts';
import { COMPOSE, compose, type Ended } from './compose.ts';

const ROOT = join(import.meta.dirname, '../..');
const PROJECT = `loads-test-${process.pid}`;
const SECRETS = {
  LOADS_INFLUX_TOKEN: 'token-of-a-test',
  INFLUXDB_ADMIN_PASSWORD: 'password-of-a-test',
  GRAFANA_ADMIN_PASSWORD: 'password-of-a-test',
  VAURIEN_TOKEN: 'vaurien-of-a-test',
};
const ENV = {
  ...SECRETS,
  ...{ INFLUXDB_PORT: '0', GRAFANA_PORT: '0', SHOP_PORT: '0', VAURIEN_PORT: '0', LOADS_NETWORK: PROJECT },
};

type Service = { readonly image: string; readonly ports?: readonly string[] };

const file = parse(await readFile(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
};

test('every image has a version, and ours has that of the package', async () => {
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  for (const { image } of Object.values(file.services)) expect(image).toMatch(/:\d/);
  expect(file.services.vaurien?.image).toBe(`loads-vaurien:${version}`);
});

test('the Grafana of the stack is one that the dashboards are written for', async () => {
  const [, least] = /for Grafana (\d+) and later/.exec(await readFile(join(ROOT, 'docs/dashboards.md'), 'utf8')) ?? [];
  const [, major] = /^grafana\/grafana:(\d+)\./.exec(file.services.grafana?.image ?? '') ?? [];
  expect(Number(major)).toBeGreaterThanOrEqual(Number(least));
});

test('what is published is on the loopback alone', () => {
  const ports = Object.values(file.services).flatMap((service) => service.ports ?? []);
  expect(ports.length).toBeGreaterThan(0);
  for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
});

test('the example of .env has every secret, and none of them with a value', async () => {
  const lines = (await readFile(join(ROOT, '.env.example'), 'utf8')).split('\n');
  expect(lines.filter((line) => /^\w/.test(line))).toEqual(Object.keys(SECRETS).map((name) => `${name}=`));
});

const absence = COMPOSE ? '' : ' [skipped: there is no docker compose; test/provision installs it]';

describe.skipIf(!COMPOSE)(`docker-compose.yml${absence}`, () => {
  test('is valid, with every profile', async () => {
    expect(await compose(PROJECT, ENV, '--profile', 'run', 'config', '-q')).toMatchObject({ code: 0 });
  });

  test.each(Object.keys(SECRETS))('is refused without %s', async (secret) => {
    const { code, stderr } = await compose(PROJECT, { ...ENV, [secret]: '' }, 'config', '-q');
    expect(code).not.toBe(0);
    expect(stderr).toContain('copy .env.example to .env and fill it in');
  });
});

await describeOnEngine(
  'the stack',
  ['node:24-bookworm-slim', 'influxdb:2.7', 'loads-node:latest', 'loads-vaurien:latest'],
  () => {
    describe.skipIf(!COMPOSE)(`of docker-compose.yml${absence}`, () => {
      let up: Ended | undefined;

      beforeAll(async () => {
        // Grafana's image cannot be built from Debian's packages: its parts are tested with the dashboards.
        up = await compose(PROJECT, ENV, 'up', '-d', '--no-build', 'influxdb', 'shop');
      });
      afterAll(async () => {
        await compose(PROJECT, ENV, 'down', '-v', '-t', '1');
        const label = [`com.docker.compose.project=${PROJECT}`];
        const engine = new Docker();
        expect(await engine.listContainers({ all: true, filters: { label } })).toEqual([]);
        expect((await engine.listVolumes({ filters: { label } })).Volumes).toEqual([]);
      });

      /** Where a service can be reached from here. */
      async function urlOf(service: string, port: number): Promise<string> {
        return `http://${(await compose(PROJECT, ENV, 'port', service, String(port))).stdout.trim()}`;
      }

      test('starts, each service when what it needs is healthy', () => {
        expect(up?.code, up?.stderr).toBe(0);
      });

      test('the database has the bucket, and wants the token', async () => {
        const url = `${await urlOf('influxdb', 8086)}/api/v2/write?org=loads&bucket=loads&precision=ms`;
        const write = async (token: string): Promise<number> => {
          const headers = { authorization: `Token ${token}` };
          return (await fetch(url, { method: 'POST', headers, body: `test v=1 ${Date.now()}` })).status;
        };
        expect([await write(SECRETS.LOADS_INFLUX_TOKEN), await write('wrong')]).toEqual([204, 401]);
      });

      test('a run from the container of the profile `run` launches nodes beside the shop, and keeps its points', async () => {
        const args = ['run', '/checkout/test/fixtures/visit.ts', '--on=docker', '--nodes=2', '-d', '2s', '--json'];
        const where = ['--network', PROJECT, '-t', 'http://shop:8080', '--max-lag', '5s'];
        const loads = ['node', '/checkout/orchestrator/bin/loads.js', ...args, ...where];
        const { code, stdout, stderr } = await compose(
          PROJECT,
          ENV,
          'run',
          '--rm',
          '-T',
          '--no-deps',
          'loads',
          ...loads,
        );
        expect(code, stdout + stderr).toBe(0);
        const last = stdout.split('\n').find((line) => line.includes('"type":"summary"')) ?? '{}';
        const { summary } = JSON.parse(last) as { summary: Summary };
        expect(summary).toMatchObject({ outcome: 'passed', lost: 0, nodeRows: [{ state: 'done' }, { state: 'done' }] });
        expect(summary.accounting.points).toMatchObject({ spooled: 0, dropped: 0 });
        expect(summary.accounting.points?.written).toBeGreaterThan(0);
        expect(await containersOf(summary.run)).toEqual([]);
      });

      test('the proxy between the shop and its stock breaks it on demand, and the shop says so', async () => {
        const items = `${await urlOf('shop', 8080)}/items`;
        const host = await urlOf('vaurien', 8080);
        const vaurien = new VaurienClient({ host, token: SECRETS.VAURIEN_TOKEN });
        await vaurien.setBehavior('blackout');
        await expect.poll(async () => (await fetch(items)).status, { timeout: 30_000 }).toBe(503);
        await vaurien.reset();
        await expect.poll(async () => (await fetch(items)).status, { timeout: 30_000 }).toBe(200);
        await expect(new VaurienClient({ host, token: 'wrong' }).setBehavior('blackout')).rejects.toThrow();
      });
    });
  },
);
